"""When an inspection on site may be opened, read and ended."""

from __future__ import annotations

from datetime import date, datetime

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from monitoring.models.inspection import LONGEST_DAYS


def check_can_open(
    *, reference: str, is_inspector: bool, first_on: date, last_on: date, today: date, overlapping: bool
) -> None:
    """An inspector, a reference, at most 28 days that are not over, and no other one of theirs at the same time."""
    if not is_inspector:
        raise NotAllowed("Choose somebody who has the role of inspector.", field="inspector")
    if not reference.strip():
        raise NotAllowed("Enter the reference of the inspection.", field="reference")
    if last_on < first_on:
        raise NotAllowed("The last day must be on or after the first day.", field="last_on")
    if (last_on - first_on).days >= LONGEST_DAYS:
        raise NotAllowed(f"An inspection is open for {LONGEST_DAYS} days at most.", field="last_on")
    if last_on < today:
        raise NotAllowed("The last day cannot be before today.", field="last_on")
    if overlapping:
        raise NotAllowed("This inspector has an inspection of this prison on some of these days.", field="first_on")


def check_can_read(*, is_theirs: bool, first_on: date, last_on: date, ended_at: datetime | None, today: date) -> None:
    """The named inspector, on its days, until somebody ends it."""
    if not is_theirs:
        raise NotAllowed("This inspection is another inspector’s.")
    if ended_at is not None or today > last_on:
        raise NotAllowed("This inspection is over. Its exact figures are closed; the releases stay open.")
    if today < first_on:
        raise NotAllowed(f"This inspection begins on {day_in_words(first_on)}.")


can_read = twin(check_can_read)


def check_can_end(*, last_on: date, ended_at: datetime | None, today: date) -> None:
    """Once, while it is open or still to come."""
    if ended_at is not None or today > last_on:
        raise NotAllowed("This inspection is over.")


can_end = twin(check_can_end)
