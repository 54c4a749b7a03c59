"""When a referral may be made and screened, and which request for an assessment follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from buddyscheme.lib.dates import elapsed, london_moment, london_time
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import AssessmentRequest, Referral

Status, Outcome, Body = Referral.Status, Referral.Outcome, AssessmentRequest.Body

TRANSITIONS: dict[str, set[str]] = {
    Status.RECEIVED: {Status.PROGRESSED, Status.NOT_PROGRESSED},
    Status.PROGRESSED: set(),
    Status.NOT_PROGRESSED: set(),
}

ASKED: dict[str, tuple[str, ...]] = {
    Outcome.BUDDY: (),
    Outcome.COUNCIL: (Body.COUNCIL,),
    Outcome.HEALTHCARE: (Body.HEALTHCARE,),
    Outcome.BUDDY_AND_COUNCIL: (Body.COUNCIL,),
    Outcome.BUDDY_AND_HEALTHCARE: (Body.HEALTHCARE,),
    Outcome.NONE: (),
    Outcome.LEFT: (),
}
WITH_BUDDY = frozenset({Outcome.BUDDY, Outcome.BUDDY_AND_COUNCIL, Outcome.BUDDY_AND_HEALTHCARE})

# Somebody decides about an urgent referral before the lead goes home; one that comes later, before the next midday.
END_OF_DAY, NEXT_MIDDAY = time(17, 0), time(12, 0)
# So many requests of one person's own may wait at a time: the terminal then says to speak to staff.
MOST_OWN_WAITING = 3
NOT_FOR_OTHERS = "At a terminal people ask for themselves only."

WHICH_CARE = "Select the personal care that the person does not get, or that somebody gives it already."

GONE = "This person is no longer on this prison’s list, so nothing was saved. Check the prison number with reception."


def check_is_here(here: bool) -> None:
    """The person may have been moved while the page was open."""
    if not here:
        raise NotAllowed(GONE)


def check_can_refer(*, here: bool, need_areas: Sequence[str], reason: str) -> None:
    """Somebody who is held here, with at least one area of need and a few words."""
    check_is_here(here)
    if not need_areas:
        raise NotAllowed("Select what the person needs help with.", field="need_areas")
    if not reason.strip():
        raise NotAllowed("Enter in a few words why the person needs help.", field="reason")


def check_can_ask(*, here: bool, need_areas: Sequence[str], own: bool, waiting: int) -> None:
    """A person at a terminal: for themselves, without a word typed, and not again and again."""
    check_is_here(here)
    if not own:
        raise NotAllowed(NOT_FOR_OTHERS)
    if not need_areas:
        raise NotAllowed("Select what the person needs help with.", field="need_areas")
    if waiting >= MOST_OWN_WAITING:
        raise NotAllowed("Several requests of this person wait already. Staff look at them first.")


def check_can_say_who(referral: Referral, *, said_by: str, version: int) -> None:
    """Where it was somebody other than the person and prison staff."""
    if referral.source in (Referral.Source.SELF, Referral.Source.STAFF):
        raise NotAllowed("It is known already who asked.")
    if referral.version != version:
        raise Stale("this referral")
    if not said_by.strip():
        raise NotAllowed("Enter the name or the role of whoever asked.", field="said_by")


def due_at(urgency: str, made_at: datetime) -> datetime | None:
    """The moment by which an urgent referral must be screened, by the clock of the prison; others have none."""
    if urgency != Referral.Urgency.URGENT:
        return None
    made = london_time(made_at)
    if made.time() < END_OF_DAY:
        return london_moment(made.date(), END_OF_DAY)
    return london_moment(made.date() + timedelta(days=1), NEXT_MIDDAY)


def is_late(referral: Referral, now: datetime) -> bool:
    """Waits past its due time. From the record, so that no task can forget it."""
    return referral.status == Status.RECEIVED and referral.due_at is not None and now > referral.due_at


def due_in_words(referral: Referral, now: datetime) -> str:
    """Such as "Due today at 17:00", "Due tomorrow at 12:00", "Late by 2 hours"; nothing where no clock runs."""
    if referral.status != Status.RECEIVED or referral.due_at is None:
        return ""
    if now > referral.due_at:
        return f"Late by {_long(elapsed(referral.due_at, now))}"
    due = london_time(referral.due_at)
    days = (due.date() - london_time(now).date()).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"on {due.day} {due:%B}")
    return f"Due {when} at {due:%H:%M}"


def _long(late: timedelta) -> str:
    minutes = int(late / timedelta(minutes=1))
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return "less than an hour"


def status_after(outcome: str) -> str:
    """What screening makes of the referral."""
    return Status.NOT_PROGRESSED if outcome in (Outcome.NONE, Outcome.LEFT) else Status.PROGRESSED


def check_can_screen(referral: Referral, *, version: int, outcome: str, reason: str, here: bool) -> None:
    """Once, with a reason when it is not progressed, and for somebody who is still here."""
    if referral.status == Status.RECEIVED and referral.version != version:
        raise Stale("this referral")
    check_transition(
        TRANSITIONS,
        referral.status,
        status_after(outcome),
        "This referral has been screened already. Open it to see the outcome.",
    )
    if outcome not in Outcome.values or outcome == Outcome.LEFT:
        raise NotAllowed("Select what happens next.", field="outcome")
    if outcome == Outcome.NONE:
        if not reason.strip():
            raise NotAllowed("Enter why the referral is not progressed.", field="reason")
        return
    check_is_here(here)


def names_care(referral: Referral) -> bool:
    """Whether it asks for personal care, which no buddy may give."""
    return Referral.NeedArea.PERSONAL in referral.need_areas


def check_care(*, missing: bool, given: bool) -> None:
    """Of personal care that was named: which of it the person does not get, or that somebody gives it."""
    if missing == given:
        raise NotAllowed(WHICH_CARE, field="care")


can_screen = twin(check_can_screen)
can_say_who = twin(check_can_say_who)
