"""When a briefing of a wing's staff may be recorded."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words

MOST_STAFF = 300
LONGEST_AGO = timedelta(days=366)


def check_can_record(wing: Wing, *, held_on: date, staff: int, briefed: int, again: bool, today: date) -> None:
    """A wing in use, a day of the last year, and no more briefed than there are staff."""
    if wing.closed:
        raise NotAllowed(f"{wing.name} is closed. Select another wing.", field="wing")
    if held_on > today:
        raise NotAllowed("Date must be today or in the past.", field="held_on")
    earliest = today - LONGEST_AGO
    if held_on < earliest:
        raise NotAllowed(f"Date must be on or after {day_in_words(earliest)}.", field="held_on")
    if not 1 <= staff <= MOST_STAFF:
        raise NotAllowed(f"Staff must be from 1 to {MOST_STAFF}.", field="staff")
    if not 1 <= briefed <= staff:
        raise NotAllowed(
            f"Staff briefed must be from 1 to {staff}, the number of staff on the wing. Check both numbers.",
            field="briefed",
        )
    if again:
        raise NotAllowed(
            f"A briefing of {wing.name} on {day_in_words(held_on)} is recorded already. Check the date and the wing.",
            field="held_on",
        )
