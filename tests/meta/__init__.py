"""Rules about the whole repository. Each list is exhaustive: a new thing that does not join it is a red test."""
