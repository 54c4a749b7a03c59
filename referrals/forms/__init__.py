"""Questions and shape. Forms never save."""
