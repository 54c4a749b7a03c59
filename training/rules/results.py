"""What a result means on a day, and when one may be recorded."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from training.models import Module, ModuleResult

SOON = timedelta(days=28)
OLDEST = timedelta(days=5 * 366)


class State(StrEnum):
    """Where one module of one buddy stands."""

    NOT_TAKEN = "Not taken"
    NOT_YET = "Not yet passed"
    IN_DATE = "In date"
    LAPSING = "Lapsing"
    LAPSED = "Lapsed"

    @property
    def holds(self) -> bool:
        """The module counts on this day."""
        return self in (State.IN_DATE, State.LAPSING)


def state_of(outcome: str | None, expires_on: date | None, today: date) -> State:
    """The state that the newest result gives; its last day still counts."""
    if outcome is None:
        return State.NOT_TAKEN
    if outcome != ModuleResult.Outcome.PASSED:
        return State.NOT_YET
    if expires_on is None or expires_on > today + SOON:
        return State.IN_DATE
    return State.LAPSING if expires_on >= today else State.LAPSED


def expires_after(assessed_on: date, refresh_months: int | None) -> date | None:
    """The same day so many months on, or the month's last day where it has no such day. None: does not lapse."""
    if refresh_months is None:
        return None
    months = assessed_on.month - 1 + refresh_months
    year, month = assessed_on.year + months // 12, months % 12 + 1
    return date(year, month, min(assessed_on.day, monthrange(year, month)[1]))


# The knowledge part was passed on an earlier day and still holds; what is recorded now is the practical part.
HELD = "HELD"
PASSED, NOT_YET = ModuleResult.Part.PASSED, ModuleResult.Part.NOT_YET


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What one person achieved in a class. `knowledge` is a `Part` or `HELD`; `practical` a `Part` or empty."""

    buddy: Buddy
    there: bool = True
    knowledge: str = ""
    practical: str = ""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A mark as the columns of a result."""

    outcome: str
    knowledge: str
    practical: str
    knowledge_on: date | None
    expires_on: date | None


def whole(module: Module, buddy: Buddy, outcome: str) -> Mark:
    """The same answer for every part of the module."""
    return Mark(buddy=buddy, knowledge=outcome, practical=outcome if module.practical else "")


def knowledge_held(module: Module, newest: ModuleResult | None, on: date) -> date | None:
    """The day on which the knowledge part was passed, if it is all that stands of the module and holds on this day."""
    if not module.practical or newest is None or newest.knowledge != PASSED or newest.practical != NOT_YET:
        return None
    day = newest.knowledge_on or newest.assessed_on
    until = expires_after(day, module.refresh_months)
    return day if day <= on and (until is None or until > on) else None


def settle(module: Module, mark: Mark, *, newest: ModuleResult | None, assessed_on: date) -> Settled:
    """A mark with what stood before. Passed when every part is; it runs from the part that was passed first."""
    name = mark.buddy.person.full_name
    knowledge_on: date | None = assessed_on if mark.knowledge == PASSED else None
    if mark.knowledge == HELD:
        knowledge_on = knowledge_held(module, newest, assessed_on)
        if knowledge_on is None:
            raise NotAllowed(f"The knowledge part of {name} does not hold. Record it as passed or not yet.")
    elif mark.knowledge not in (PASSED, NOT_YET):
        raise NotAllowed(f"Select whether {name} passed the knowledge part.")
    if module.practical and mark.practical not in (PASSED, NOT_YET):
        raise NotAllowed(f"“{module.title}” has a practical part. Select whether {name} passed it.")
    passed = knowledge_on is not None and mark.practical != NOT_YET
    return Settled(
        outcome=ModuleResult.Outcome.PASSED if passed else ModuleResult.Outcome.NOT_YET,
        knowledge=NOT_YET if knowledge_on is None else PASSED,
        practical=mark.practical if module.practical else "",
        knowledge_on=knowledge_on if knowledge_on != assessed_on else None,
        expires_on=expires_after(knowledge_on, module.refresh_months) if passed and knowledge_on else None,
    )


TRAINABLE = (Buddy.Status.IN_TRAINING, Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)


def is_trainable(buddy: Buddy) -> bool:
    """In training or in the role; somebody being taken over already does the job."""
    taking_over = buddy.source == Buddy.Source.TAKE_OVER and buddy.status == Buddy.Status.CHECKS
    return buddy.status in TRAINABLE or taking_over


def check_all_known(found: Mapping[int, Buddy], wanted: int) -> None:
    """Everybody who is named is a buddy of the prison, and named once."""
    if len(found) != wanted:
        raise NotAllowed("Somebody on this list is not a buddy of this prison, or is on it twice. Open the page again.")


def check_can_record(buddies: Sequence[Buddy], *, assessed_on: date, today: date) -> None:
    """A class of at least one, on a day that can be, of people who are in training."""
    if not buddies:
        raise NotAllowed("Select “Passed” or “Not yet” for at least one person.")
    if len({buddy.pk for buddy in buddies}) != len(buddies):
        raise NotAllowed("Somebody is on the list twice. Open the page again.")
    if assessed_on > today:
        raise NotAllowed("Date of the class must be today or in the past.", field="assessed_on")
    if assessed_on < today - OLDEST:
        raise NotAllowed(f"Date of the class must be on or after {day_in_words(today - OLDEST)}.", field="assessed_on")
    for buddy in buddies:
        _check_one(buddy, assessed_on)


def _check_one(buddy: Buddy, assessed_on: date) -> None:
    name = buddy.person.full_name
    if not is_trainable(buddy):
        raise NotAllowed(
            f"{name} is not in training (the record says “{buddy.get_status_display()}”). Leave that line empty."
        )
    if buddy.source == Buddy.Source.APPLICATION and assessed_on < buddy.applied_on:
        raise NotAllowed(
            f"{name} applied on {day_in_words(buddy.applied_on)}, after this class. Check the date.",
            field="assessed_on",
        )
