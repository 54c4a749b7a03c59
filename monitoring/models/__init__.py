"""Stored figures of a prison's months, closed months, and published releases."""

from monitoring.models.figure import Figure, MonthClose
from monitoring.models.release import Release, ReleaseFigure

__all__ = ["Figure", "MonthClose", "Release", "ReleaseFigure"]
