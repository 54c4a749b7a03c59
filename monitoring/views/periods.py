"""Which months and quarters a page offers, and the one that an address names."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.http import Http404

from buddyscheme.lib.dates import Month, Quarter, Year, month_of, parse_period, quarter_of

MOST_MONTHS, MOST_QUARTERS = 36, 12
T = TypeVar("T")
PeriodT = TypeVar("PeriodT", Month, Quarter, Year)


def month_or(code: str, otherwise: T) -> Month | T:
    """The month of a code, or something else where it is none."""
    try:
        period = parse_period(code)
    except ValueError:
        return otherwise
    return period if isinstance(period, Month) else otherwise


def period_or(code: str, otherwise: T) -> Month | Quarter | T:
    """The month or quarter of a code, or something else where it is neither."""
    try:
        period = parse_period(code)
    except ValueError:
        return otherwise
    return period if isinstance(period, Month | Quarter) else otherwise


def quarter_or_404(code: str) -> Quarter:
    """The quarter that an address names."""
    try:
        period = parse_period(code)
    except ValueError:
        period = None
    if not isinstance(period, Quarter):
        raise Http404("no such quarter")
    return period


def months_since(opened: date | None, today: date) -> list[Month]:
    """From the opening (at most three years back) to now, the newest first."""
    month = month_of(today)
    months: list[Month] = []
    first = month_of(opened) if opened else month
    while month.first >= first.first and len(months) < MOST_MONTHS:
        months.append(month)
        month = month.previous()
    return months


def quarters_since(opened: date | None, today: date) -> list[Quarter]:
    """The same of quarters, none before the opening."""
    quarter = quarter_of(today)
    quarters: list[Quarter] = []
    while opened is not None and quarter.last >= opened and len(quarters) < MOST_QUARTERS:
        quarters.append(quarter)
        quarter = quarter.previous()
    return quarters


def back_from(last: PeriodT, count: int) -> list[PeriodT]:
    """So many periods up to and with the last one, the newest first."""
    periods = [last]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return periods
