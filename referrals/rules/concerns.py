"""Concerns: how soon somebody must act, and what may be done when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import Concern, HandOn

Kind, Clock, Status = Concern.Kind, Concern.Clock, Concern.Status

CLOCKS: dict[str, str] = {
    Kind.SELF_HARM: Clock.SAME_DAY,
    Kind.FALL: Clock.SAME_DAY,
    Kind.ASSAULT: Clock.SAME_DAY,
    Kind.DID_OVERSTEP: Clock.SAME_DAY,
    Kind.SAW_OVERSTEP: Clock.SAME_DAY,
    Kind.ASKED_TO_OVERSTEP: Clock.THREE_DAYS,
    Kind.EXPLOIT_RECIPIENT: Clock.THREE_DAYS,
    Kind.EXPLOIT_BUDDY: Clock.THREE_DAYS,
    Kind.BULLYING: Clock.THREE_DAYS,
    Kind.GIFT_OR_DEBT: Clock.THREE_DAYS,
    Kind.STAFF_OBSTRUCTION: Clock.THREE_DAYS,
    Kind.EXPLOITATION: Clock.THREE_DAYS,
    Kind.WORRY: Clock.THREE_DAYS,
    Kind.TALK_TO_STAFF: Clock.THREE_DAYS,
    Kind.OTHER: Clock.SEVEN_DAYS,
}

# Abuse or neglect of an adult, as the law has it: the governor's safeguarding lead leads, and the council is told.
# It has no duty to lead an enquiry in a prison (Care Act 2014, s. 76; Social Services and Well-being (Wales) Act 2014).
SAFEGUARDING = frozenset({Kind.EXPLOIT_RECIPIENT, Kind.EXPLOIT_BUDDY, Kind.BULLYING, Kind.ASSAULT})
# Personal care or another prohibited task was asked for, done, or seen.
OVERSTEPS = frozenset({Kind.ASKED_TO_OVERSTEP, Kind.DID_OVERSTEP, Kind.SAW_OVERSTEP})

# From what was done to telling the writer in person what came of it.
TELL_WITHIN = timedelta(days=7)
# Whoever a concern was handed on to is asked again from this day on, unless another day is said.
CHASE_AFTER = timedelta(days=7)
LONGEST_CHASE = timedelta(days=60)

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


def is_about_staff(concern: Concern) -> bool:
    """A member of staff is named, or it is about what staff do."""
    return concern.about_staff_id is not None or bool(concern.hidden_from) or concern.kind == Kind.STAFF_OBSTRUCTION


def tell_due_at(concern: Concern) -> datetime | None:
    """By when the writer must have been told what came of it; nothing where nobody waits for that."""
    if concern.writer_id is None or concern.acted_at is None:
        return None
    return concern.acted_at + TELL_WITHIN


def is_telling_late(concern: Concern, now: datetime) -> bool:
    """The writer was told too late, or not at all though it was due. From the record, as the first clock."""
    due = tell_due_at(concern)
    return due is not None and (concern.writer_told_at or now) > due


def shortened(concern: Concern, severity: str, now: datetime) -> tuple[str, datetime]:
    """The clock and its end once somebody has said how grave it is: high means today, nothing lengthens it."""
    today = due_at(Clock.SAME_DAY, now)
    if severity != Concern.Severity.HIGH or concern.acted_at is not None or today >= concern.due_at:
        return concern.clock, concern.due_at
    return Clock.SAME_DAY, today


def check_not_named(concern: Concern, user_id: int | None) -> None:
    """Whoever is named in it has no part in it."""
    if user_id in concern.named_ids:
        raise NotAllowed("This concern is for somebody else to handle.")


def check_is_open(concern: Concern) -> None:
    """What stands around a concern changes for as long as something can be done about it: until it is closed."""
    check_can_act(concern)


def check_chase_on(chase_on: date, today: date) -> None:
    """Within two months, and not before today."""
    if not today <= chase_on <= today + LONGEST_CHASE:
        raise NotAllowed("The day to ask again must be from today to two months from now.", field="chase_on")


def check_can_chase(hand_on: HandOn) -> None:
    """Until an answer has come."""
    if hand_on.answered_at is not None:
        raise NotAllowed("An answer to this is recorded already.")


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


def check_can_close(concern: Concern, *, council_told: bool) -> None:
    """Something was done, the writer knows, and so does the council where it is about safeguarding."""
    check_transition(TRANSITIONS, concern.status, Status.CLOSED, "This concern is already closed.")
    if concern.acted_at is None:
        raise NotAllowed("Record what was done before closing.")
    if concern.writer_id is not None and concern.writer_told_at is None:
        raise NotAllowed("Tell the writer in person what came of it, and record it, before closing.")
    if concern.kind in SAFEGUARDING and not council_told:
        raise NotAllowed("This is about safeguarding. Tell the council, and record it as handed on, before closing.")


can_act = twin(check_can_act)
can_chase = twin(check_can_chase)
can_tell_writer = twin(check_can_tell_writer)
can_close = twin(check_can_close)
