"""When a buddy is asked how they are, and what is kept of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from referrals.models import Concern, WelfareCheck
from schemes.models import Custody

Kind, Event = Concern.Kind, WelfareCheck.Event

WITHIN = timedelta(hours=72)
# Help that ended shortly before counts: plans are often closed before the leaving is recorded.
LOOKS_BACK = timedelta(days=7)

# A wish to talk to staff is no event, and what is said about staff is nobody's to guess from a prompt.
OF_CONCERN: dict[str, str] = {
    Kind.FALL: Event.FALL,
    Kind.ASSAULT: Event.ASSAULT,
    Kind.WORRY: Event.CONCERN,
    Kind.ASKED_TO_OVERSTEP: Event.CONCERN,
    Kind.DID_OVERSTEP: Event.CONCERN,
    Kind.SAW_OVERSTEP: Event.CONCERN,
    Kind.EXPLOIT_RECIPIENT: Event.CONCERN,
    Kind.EXPLOIT_BUDDY: Event.CONCERN,
    Kind.BULLYING: Event.CONCERN,
    Kind.GIFT_OR_DEBT: Event.CONCERN,
    Kind.EXPLOITATION: Event.CONCERN,
    Kind.SELF_HARM: Event.CONCERN,
    Kind.OTHER: Event.CONCERN,
}
OF_LEAVING: dict[str, str] = {
    Custody.EndReason.DEATH: Event.DEATH,
    Custody.EndReason.TRANSFER: Event.MOVE,
    Custody.EndReason.RELEASE: Event.MOVE,
}


def due_at(happened_at: datetime) -> datetime:
    """Within 72 hours."""
    return happened_at + WITHIN


def is_late(check: WelfareCheck, now: datetime) -> bool:
    """Done too late, or not at all though it was due."""
    return (check.done_at or now) > check.due_at


def check_can_record(check: WelfareCheck, *, spoken_on: date, today: date) -> None:
    """Once, on a day between the event and today."""
    if check.done_at is not None:
        raise NotAllowed("This welfare check has been recorded already.")
    first = check.happened_at.date()
    if not first <= spoken_on <= today:
        raise NotAllowed(f"The day you spoke must be from {day_in_words(first)} to today.", field="spoken_on")
