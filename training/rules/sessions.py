"""When a class may be planned, filled, marked and cancelled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from buddyscheme.lib.dates import london_moment
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import check_transition, twin
from schemes.models import Buddy
from training.models import ClassSession, Module, ModuleResult
from training.rules.results import HELD, Mark, is_trainable

S = ClassSession.Status
TRANSITIONS: dict[str, set[str]] = {S.PLANNED: {S.HELD, S.CANCELLED}, S.HELD: set(), S.CANCELLED: set()}
MOST_PLACES = 60
FURTHEST = timedelta(days=366)
LONGEST_AGO = timedelta(days=28)


def begins_at(session: ClassSession) -> datetime:
    """The moment at which the class begins."""
    return london_moment(session.held_on, session.starts_at)


def check_can_plan(module: Module, *, held_on: date, starts_at: time, places: int, today: date) -> None:
    """A module that is in use, a day within a year (or of the last four weeks, to be marked now), enough chairs."""
    if module.withdrawn:
        raise NotAllowed(f"“{module.title}” is no longer used. Choose another module.", field="module")
    if held_on > today + FURTHEST:
        raise NotAllowed(f"Day must be on or before {day_in_words(today + FURTHEST)}.", field="held_on")
    if held_on < today - LONGEST_AGO:
        raise NotAllowed(
            f"Day must be on or after {day_in_words(today - LONGEST_AGO)}. "
            "Record an older class from the list of modules.",
            field="held_on",
        )
    try:
        london_moment(held_on, starts_at)
    except ValueError as error:
        raise NotAllowed(f"{error} Enter another time.", field="starts_at") from None
    if not 1 <= places <= MOST_PLACES:
        raise NotAllowed(f"Places must be from 1 to {MOST_PLACES}.", field="places")


def check_can_change(session: ClassSession, *, places: int, taken: int) -> None:
    """Only a planned class; never fewer places than are taken."""
    _check_planned(session, "changed")
    if places < taken:
        raise NotAllowed(
            f"{taken} {'place is' if taken == 1 else 'places are'} taken. "
            f"Enter at least {taken}, or take somebody off the class first.",
            field="places",
        )


def check_can_book(session: ClassSession, *, wanted: Collection[Buddy]) -> None:
    """People in training, and no more than there are places."""
    _check_planned(session, "changed")
    for buddy in wanted:
        if not is_trainable(buddy):
            raise NotAllowed(
                f"{buddy.person.full_name} is not in training (the record says “{buddy.get_status_display()}”). "
                "Take the tick away.",
                field="people",
            )
    check_places(session, len(wanted))


def check_places(session: ClassSession, wanted: int) -> None:
    """Never more people than places."""
    if wanted > session.places:
        raise NotAllowed(
            f"This class has {places_words(session.places)} and you have chosen {wanted} people. "
            f"Choose at most {session.places}, or give the class more places.",
            field="people",
        )


def places_words(number: int) -> str:
    """One place, or so many places."""
    return "1 place" if number == 1 else f"{number} places"


def check_can_cancel(session: ClassSession, *, reason: str) -> None:
    """A class that has been neither held nor cancelled, with a reason."""
    _check_planned(session, "cancelled")
    if not reason:
        raise NotAllowed("Enter why the class is cancelled.", field="reason")


def _check_planned(session: ClassSession, what: str) -> None:
    done = "it has been marked" if session.status == S.HELD else "it was cancelled"
    wanted = S.CANCELLED if what == "cancelled" else S.HELD
    check_transition(TRANSITIONS, session.status, wanted, f"This class cannot be {what}: {done}.")


def check_can_mark(session: ClassSession, *, now: datetime) -> None:
    """A class that has begun and was not cancelled. It may be marked again: the second time corrects the first."""
    if session.status == S.CANCELLED:
        raise NotAllowed("This class was cancelled. Plan a new class if it was held after all.")
    if begins_at(session) > now:
        when = f"{day_in_words(session.held_on)} at {session.starts_at:%H:%M}"
        raise NotAllowed(f"This class begins on {when}. It can be marked once it has begun.")


can_mark = twin(check_can_mark)


def differs(mark: Mark, before: ModuleResult | None) -> bool:
    """Whether the mark says something else than what is recorded for this class."""
    if before is None or before.outcome == ModuleResult.Outcome.VOID:
        return True
    knowledge = ModuleResult.Part.PASSED if mark.knowledge == HELD else mark.knowledge
    return (before.knowledge, before.practical) != (knowledge, mark.practical)


def check_walk_ins(session: ClassSession, *, booked: int, more: Sequence[Buddy]) -> None:
    """People who were there without a place get one, while there are any."""
    if booked + len(more) > session.places:
        names = ", ".join(buddy.person.full_name for buddy in more)
        raise NotAllowed(
            f"This class has {places_words(session.places)} and {booked} are booked, so there is no place for {names}. "
            "Give the class more places first, or record them in another class."
        )


def begins_words(held_on: date, starts_at: time) -> str:
    """Day and time as pages show them."""
    return f"{day_in_words(held_on)}, {starts_at:%H:%M}"
