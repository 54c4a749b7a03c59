"""When something may be done, and why not."""
