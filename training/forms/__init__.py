"""Questions and their shape. Forms never save."""
