"""The terminal's pages."""
