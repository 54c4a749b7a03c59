"""The supervised terminal: a small surface with its own address, cookies, templates and words. Nothing imports it."""
