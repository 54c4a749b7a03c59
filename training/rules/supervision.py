"""When supervision is due, and when it may be recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from training.rules.results import expires_after

# How many days before its day a supervision counts as due.
SOON = timedelta(days=7)
MOST_ACTIONS = 5
IN_ROLE = (Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)


def next_due(day: date, months: int) -> date:
    """The day of the next supervision after one on `day`: so many months on."""
    due = expires_after(day, months)
    assert due is not None
    return due


def check_can_record(buddy: Buddy, *, day: date, today: date, taken: Collection[int]) -> None:
    """Somebody in the role, on a day that has been, once a day. `taken` are buddies who have one of that kind then."""
    name = buddy.person.full_name
    if buddy.status not in IN_ROLE or buddy.started_on is None:
        raise NotAllowed(
            f"{name} is not in the role (the record says “{buddy.get_status_display()}”). "
            "Supervision is recorded for people in the role."
        )
    if day > today:
        raise NotAllowed("Date must be today or in the past.", field="held_on")
    if day < buddy.started_on:
        raise NotAllowed(
            f"{name} started in the role on {day_in_words(buddy.started_on)}. Enter that day or a later one.",
            field="held_on",
        )
    if buddy.pk in taken:
        raise NotAllowed(
            f"Supervision of {name} on {day_in_words(day)} is recorded already. Check the date.", field="held_on"
        )


def check_themes(themes: Sequence[str]) -> None:
    """At least one thing was talked about."""
    if not themes:
        raise NotAllowed("Select what was talked about.", field="themes")


def check_actions(words: Sequence[str]) -> None:
    """A handful, so that they are done."""
    if len(words) > MOST_ACTIONS:
        raise NotAllowed(f"Write at most {MOST_ACTIONS} actions, one on each line.", field="actions")


def check_people(buddies: Sequence[Buddy]) -> None:
    """A meeting has people."""
    if not buddies:
        raise NotAllowed("Tick everybody who came.", field="people")


def check_reason(reason: str) -> None:
    """A missed one says why."""
    if not reason:
        raise NotAllowed("Select why it was missed.", field="reason")
