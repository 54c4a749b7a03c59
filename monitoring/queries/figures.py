"""Stored figures of a prison, for its own staff."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import LONDON, Month, Quarter
from monitoring.measures.groups import by_breakdown
from monitoring.models import Figure, FigureCorrection, MonthClose
from schemes.models import Scheme


def opened_on(prison: Prison) -> date | None:
    """The day the scheme opened, in London, or None."""
    opened_at = Scheme.objects.for_prison(prison).values_list("opened_at", flat=True).first()
    return opened_at.astimezone(LONDON).date() if opened_at else None


def figures_of(
    prison: Prison, periods: Iterable[Month | Quarter], *, measures: Iterable[str] | None = None
) -> dict[tuple[str, str], Figure]:
    """Figures by (measure, period code) in one query; of these measures' codes alone, if any are named."""
    figures = Figure.objects.for_prison(prison).filter(period__in=[each.code for each in periods], breakdown="")
    if measures is not None:
        figures = figures.filter(measure__in=list(measures))
    return {(figure.measure, figure.period): figure for figure in figures}


def groups_of(prison: Prison, period: Month | Quarter, measure: str) -> dict[str, dict[str, Figure]]:
    """The groups of one figure: breakdown (`age`) → group's code → figure."""
    rows = Figure.objects.for_prison(prison).filter(period=period.code, measure=measure)
    return by_breakdown(rows.exclude(breakdown=""))


def corrections_of(prison: Prison, period: Month | Quarter, measure: str) -> list[FigureCorrection]:
    """What one figure was before, the newest first."""
    rows = FigureCorrection.objects.for_prison(prison).filter(
        figure__period=period.code, figure__measure=measure, figure__breakdown=""
    )
    return list(rows.order_by("-version", "-id"))


def closed_months(prison: Prison) -> dict[str, MonthClose]:
    """Closed months by code."""
    closes = MonthClose.objects.for_prison(prison).select_related("closed_by")
    return {f"{close.month:%Y-%m}": close for close in closes}
