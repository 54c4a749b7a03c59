"""Stored figures of a prison, for its own staff."""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import LONDON, Month
from monitoring.models import Figure, MonthClose
from schemes.models import Scheme


def opened_on(prison: Prison) -> date | None:
    """The day the scheme opened, in London, or None."""
    opened_at = Scheme.objects.for_prison(prison).values_list("opened_at", flat=True).first()
    return opened_at.astimezone(LONDON).date() if opened_at else None


def figures_of(prison: Prison, months: list[Month]) -> dict[tuple[str, str], Figure]:
    """Figures by (measure, period code) in one query."""
    figures = Figure.objects.for_prison(prison).filter(period__in=[month.code for month in months], breakdown="")
    return {(figure.measure, figure.period): figure for figure in figures}


def closed_months(prison: Prison) -> dict[str, MonthClose]:
    """Closed months by code."""
    closes = MonthClose.objects.for_prison(prison).select_related("closed_by")
    return {f"{close.month:%Y-%m}": close for close in closes}
