"""Changes of state, one module a noun."""
