"""Figures that people gave, the newest of each period."""

from __future__ import annotations

from collections.abc import Iterable

from buddyscheme.accounts.models import Prison
from monitoring.models import TypedFigure


def newest_typed(prison: Prison | str, measures: Iterable[str] | None = None) -> dict[tuple[str, str], TypedFigure]:
    """By (measure, period), the newest period first. One question."""
    rows = TypedFigure.objects.for_prison(prison).select_related("entered_by")
    if measures is not None:
        rows = rows.filter(measure__in=list(measures))
    newest = rows.order_by("measure", "-period", "-version").distinct("measure", "period")
    return {(row.measure, row.period): row for row in newest}
