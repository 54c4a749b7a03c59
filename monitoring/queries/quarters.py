"""Signed quarters, and what changed in them since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter
from monitoring.models import FigureCorrection, MonthClose, QuarterSign


def signs_of(prison: Prison, quarter: Quarter) -> list[QuarterSign]:
    """Every signature and opening of one quarter, the newest first."""
    rows = QuarterSign.objects.for_prison(prison).filter(period=quarter.code)
    return list(rows.select_related("said_by").order_by("-version"))


def newest_signs(prison: Prison | str, periods: Iterable[str]) -> dict[str, QuarterSign]:
    """The newest row of each quarter, by its code."""
    rows = QuarterSign.objects.for_prison(prison).filter(period__in=list(periods))
    return {row.period: row for row in rows.select_related("said_by").order_by("period", "-version").distinct("period")}


def is_signed(row: QuarterSign | None) -> bool:
    """Whether the newest row says that the quarter stands signed."""
    return row is not None and row.kind == QuarterSign.Kind.SIGNED


def closed_in(prison: Prison, quarter: Quarter) -> dict[str, MonthClose]:
    """The quarter's closed months by their code."""
    rows = MonthClose.objects.for_prison(prison).filter(month__gte=quarter.first, month__lte=quarter.last)
    return {f"{row.month:%Y-%m}": row for row in rows.select_related("closed_by")}


def changed_since(
    prison: Prison, periods: Iterable[Month | Quarter], since: datetime | None = None
) -> list[FigureCorrection]:
    """Corrections of whole figures of these periods, the newest first."""
    rows = FigureCorrection.objects.for_prison(prison).filter(
        figure__period__in=[period.code for period in periods], figure__breakdown=""
    )
    if since is not None:
        rows = rows.filter(corrected_at__gt=since)
    return list(rows.select_related("figure").order_by("-corrected_at", "-id"))
