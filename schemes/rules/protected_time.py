"""When hours for the scheme may be entered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from buddyscheme.lib.dates import week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words

MOST_PLANNED = Decimal(60)
MOST_WORKED = Decimal(80)
AHEAD, BACK = timedelta(weeks=4), timedelta(weeks=26)


def check_can_enter(monday: date, *, worked: bool, today: date) -> None:
    """A week that is near enough to be known; what was worked only once the week has begun."""
    this_week = week_of(today).first
    if monday.weekday() != 0 or not this_week - BACK <= monday <= this_week + AHEAD:
        raise NotAllowed("Choose a week from 26 weeks ago to 4 weeks ahead.")
    if worked and monday > today:
        raise NotAllowed(
            f"The week of {day_in_words(monday)} has not begun. Leave the hours worked empty until it has."
        )


def check_hours(name: str, planned: Decimal, worked: Decimal | None) -> None:
    """Hours that a person can have."""
    if not 0 <= planned <= MOST_PLANNED:
        raise NotAllowed(f"Hours planned for {name} must be from 0 to {MOST_PLANNED}.")
    if worked is not None and not 0 <= worked <= MOST_WORKED:
        raise NotAllowed(f"Hours that {name} worked must be from 0 to {MOST_WORKED}.")


def check_people(chosen: Iterable[int], named: Iterable[int]) -> None:
    """Only people who are named here: lead, deputy, trainers."""
    if set(chosen) - set(named):
        raise NotAllowed("Somebody on this page is no longer named for the scheme. Open the page again.")
