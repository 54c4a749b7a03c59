"""When absences and weekly work may be recorded, changed and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from schemes.models import Absence, Session, WeeklyActivity
from schemes.models.absence import FIRST, LAST, ORDER

# Further off in either direction, a date is a slip of the pen.
FAR = timedelta(days=366)


def period_of(kind: str, first: date, session: str, last: date | None) -> dict[str, Any]:
    """An absence as the action takes it, from what people write: one day unless the kind runs on.

    A single session of one day begins and ends with it.
    """
    if last is None and kind not in Absence.HOLDS:
        last = first
    return {
        "kind": kind,
        "starts_on": first,
        "starts_session": session,
        "ends_on": last,
        "ends_session": session if last == first else "",
    }


def check_can_record(absence: Absence, *, today: date) -> None:
    """A kind of the list, days that follow each other, and an open end only for those who are away from the prison."""
    if absence.kind not in Absence.Kind.values:
        raise NotAllowed("Select where the person is.", field="kind")
    if not today - FAR <= absence.starts_on <= today + FAR:
        raise NotAllowed("The first day is more than a year away. Check the date.", field="starts_on")
    if absence.ends_on is None:
        if not absence.holds:
            raise NotAllowed(
                "Only court, hospital and temporary release can be without an end. Enter the last day.",
                field="ends_on",
            )
        return
    if absence.ends_on < absence.starts_on:
        raise NotAllowed("The last day is before the first. Check both dates.", field="ends_on")
    if absence.ends_on > today + FAR:
        raise NotAllowed("The last day is more than a year away. Check the date.", field="ends_on")
    if not absence.covers(absence.starts_on, absence.starts_session or FIRST):
        raise NotAllowed("The absence ends before it starts. Check the sessions.", field="session")


def check_not_there(others: Iterable[Absence], absence: Absence) -> None:
    """The same kind of absence of one person does not run twice at once."""
    for other in others:
        if other.kind == absence.kind and _meet(other, absence):
            since = day_in_words(other.starts_on)
            raise NotAllowed(
                f"“{other.get_kind_display()}” is on record for this person from {since} already. Change that one.",
                field="kind",
            )


def _meet(one: Absence, other: Absence) -> bool:
    return _first(one) <= _last(other) and _first(other) <= _last(one)


def _first(absence: Absence) -> tuple[date, int]:
    return absence.starts_on, ORDER[absence.starts_session or FIRST]


def _last(absence: Absence) -> tuple[date, int]:
    return absence.ends_on or date.max, ORDER[absence.ends_session or LAST]


def last_away(back_on: date, back_session: str) -> tuple[date, str]:
    """The last session away of somebody who is back from that session on."""
    place = ORDER[back_session or FIRST]
    if place == 0:
        return back_on - timedelta(days=1), ""
    return back_on, Session.values[place - 1]


def check_can_change(absence: Absence) -> None:
    """Only what was not taken back."""
    if absence.cancelled_at is not None:
        raise NotAllowed("This absence was taken back. Record it again if the person is away after all.")


can_change = twin(check_can_change)


def check_can_be_back(absence: Absence, back_on: date, back_session: str, *, today: date) -> None:
    """After the start, and not further off than a year."""
    check_can_change(absence)
    if back_session and back_session not in Session.values:
        raise NotAllowed("Select from when the person is back.", field="session")
    if back_on > today + FAR:
        raise NotAllowed("This day is more than a year away. Check the date.", field="back_on")
    ends_on, ends_session = last_away(back_on, back_session)
    if (ends_on, ORDER[ends_session or LAST]) < _first(absence):
        raise NotAllowed(
            "The person would be back before going. If they never went, take the absence back.", field="back_on"
        )


def check_weekly(kind: str, weekdays: Sequence[int], session: str, starts_on: date, ends_on: date | None) -> None:
    """At least one weekday, one session, and days that follow each other."""
    if kind not in WeeklyActivity.Kind.values:
        raise NotAllowed("Select work or education.", field="kind")
    if not weekdays or set(weekdays) - set(range(7)):
        raise NotAllowed("Select at least one weekday.", field="weekdays")
    if session not in Session.values:
        raise NotAllowed("Select the session.", field="session")
    if ends_on is not None and ends_on < starts_on:
        raise NotAllowed("The last day is before the first. Check both dates.", field="ends_on")


def check_weekly_not_there(others: Iterable[WeeklyActivity], weekdays: Sequence[int], session: str) -> None:
    """Nobody is in two places in one session of the week."""
    for other in others:
        if other.session == session and set(other.weekdays) & set(weekdays):
            raise NotAllowed(
                "The person works or learns in this session on one of these days already. End that one first.",
                field="weekdays",
            )


def check_can_end_weekly(activity: WeeklyActivity) -> None:
    """Only what has not ended."""
    if activity.ended_at is not None:
        raise NotAllowed("This has ended already.")
