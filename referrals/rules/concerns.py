"""Concerns: how soon somebody must act, and what may be done when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import Concern

Kind, Clock, Status = Concern.Kind, Concern.Clock, Concern.Status

CLOCKS: dict[str, str] = {
    Kind.SELF_HARM: Clock.SAME_DAY,
    Kind.FALL: Clock.SAME_DAY,
    Kind.ASSAULT: Clock.SAME_DAY,
    Kind.DID_OVERSTEP: Clock.SAME_DAY,
    Kind.ASKED_TO_OVERSTEP: Clock.THREE_DAYS,
    Kind.EXPLOITATION: Clock.THREE_DAYS,
    Kind.WORRY: Clock.THREE_DAYS,
    Kind.TALK_TO_STAFF: Clock.THREE_DAYS,
    Kind.OTHER: Clock.SEVEN_DAYS,
}

# Reports of being asked to overstep, and oversteps: what OP-22 counts.
BOUNDARY_KINDS = (Kind.ASKED_TO_OVERSTEP, Kind.DID_OVERSTEP)

LAST_MINUTE = timedelta(minutes=1)
# A concern raised late in the evening still leaves somebody this long.
LEAST = timedelta(hours=2)

TRANSITIONS: dict[str, set[str]] = {
    # A note to the lead is answered in one go; a concern is acted on first (`check_can_close`).
    Status.NEW: {Status.ACTED, Status.CLOSED},
    Status.ACTED: {Status.ACTED, Status.CLOSED},
    Status.CLOSED: set(),
}


def clock_for(kind: str) -> str:
    """How soon somebody must act on a concern of this kind, unless the person who raises it says sooner."""
    return CLOCKS[kind]


def due_at(clock: str, raised_at: datetime) -> datetime:
    """The moment by which somebody must have acted."""
    if clock == Clock.THREE_DAYS:
        return raised_at + timedelta(hours=72)
    if clock == Clock.SEVEN_DAYS:
        return raised_at + timedelta(days=7)
    return max(day_bounds(london_today(raised_at))[1] - LAST_MINUTE, raised_at + LEAST)


def is_breached(concern: Concern, now: datetime) -> bool:
    """Acted on too late, or not at all though it was due. From the record, so that no task can forget it."""
    return (concern.acted_at or now) > concern.due_at


def check_can_act(concern: Concern) -> None:
    """Actions are added until the concern is closed."""
    check_transition(
        TRANSITIONS, concern.status, Status.ACTED, "This concern is closed. Raise a new one if there is more to do."
    )


def check_can_tell_writer(concern: Concern) -> None:
    """Told once, in person, after something was done."""
    if concern.writer_id is None:
        raise NotAllowed("This concern was raised by staff. There is no writer to tell.")
    if concern.writer_told_at is not None:
        raise NotAllowed("It is already recorded that the writer was told.")
    if concern.acted_at is None:
        raise NotAllowed("Record what was done first, then tell the writer what came of it.")


def check_can_answer_note(concern: Concern, *, talked_on: date, today: date) -> None:
    """A note to the lead is answered once, by talking with its writer, on a day between then and today."""
    if concern.kind != Kind.TALK_TO_STAFF:
        raise NotAllowed("This is a concern. Record what was done about it on its own page.")
    if concern.status == Status.CLOSED:
        raise NotAllowed("This note has been answered already.")
    if not london_today(concern.raised_at) <= talked_on <= today:
        raise NotAllowed("The day you talked must be from the day of the note to today.", field="talked_on")


def check_can_close(concern: Concern) -> None:
    """Something was done, and the writer knows."""
    check_transition(TRANSITIONS, concern.status, Status.CLOSED, "This concern is already closed.")
    if concern.acted_at is None:
        raise NotAllowed("Record what was done before closing.")
    if concern.writer_id is not None and concern.writer_told_at is None:
        raise NotAllowed("Tell the writer in person what came of it, and record it, before closing.")


can_act = twin(check_can_act)
can_tell_writer = twin(check_can_tell_writer)
can_close = twin(check_can_close)
