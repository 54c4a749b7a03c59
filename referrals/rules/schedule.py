"""When a slot may be left out or moved, and who may come for single visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from referrals.models import CoverSlot, Plan, PlanTask, SlotException
from referrals.suitability import Check, Verdict
from schemes.models import Session

# Longer than that it is a change of the plan.
LONGEST_EXCEPTION = timedelta(days=28)
DAYS_AHEAD = timedelta(days=90)
COVER_AHEAD = timedelta(days=28)
# What a buddy must hold for a single visit too. How many people and hours they carry is no matter of one visit.
COVER_CHECKS = frozenset({"STATUS", "CLEARANCE", "COMPACT", "TRAINING", "KEEP_APART", "ALERTS", "WING"})
Slot = tuple[date, str]
TAKEN = "Somebody comes to this visit by now. Open the list again."


def check_can_except(
    plan: Plan,
    tasks: Sequence[PlanTask],
    *,
    first_on: date,
    last_on: date,
    session: str,
    to_day: date | None,
    reason: str,
    today: date,
) -> None:
    """Running tasks of a running plan, from today on, for four weeks at most, with a reason; something is changed."""
    if plan.status not in (Plan.Status.ACTIVE, Plan.Status.PAUSED):
        raise NotAllowed("Only a plan that is active has visits to leave out or to move.")
    if not tasks:
        raise NotAllowed("Select at least one task.", field="tasks")
    if first_on < today:
        raise NotAllowed("Enter today or a later day.", field="first_on")
    if first_on > today + DAYS_AHEAD:
        raise NotAllowed(f"Enter a day up to {day_in_words(today + DAYS_AHEAD)}.", field="first_on")
    if last_on < first_on:
        raise NotAllowed("The last day cannot be before the first day.", field="last_on")
    if last_on - first_on >= LONGEST_EXCEPTION:
        raise NotAllowed("Leave out or move a task for four weeks at most. For longer, change the plan.",
                         field="last_on")  # fmt: skip
    if session and session not in Session.values:
        raise NotAllowed("Select what happens instead.", field="session")
    _check_other_day(first_on, last_on, session, to_day, today)
    if not reason.strip():
        raise NotAllowed("Enter why.", field="reason")
    for task in tasks:
        _check_changes(task, first_on, last_on, session, to_day)


def _check_other_day(first_on: date, last_on: date, session: str, to_day: date | None, today: date) -> None:
    if to_day is None:
        return
    if not session:
        raise NotAllowed("Select in which session the task is done on the other day.", field="session")
    if first_on != last_on:
        raise NotAllowed("Only a single day can be moved to another day. Leave the other day empty.", field="to_day")
    if not today <= to_day <= first_on + LONGEST_EXCEPTION:
        raise NotAllowed("Enter a day from today up to four weeks later.", field="to_day")


def _check_changes(task: PlanTask, first_on: date, last_on: date, session: str, to_day: date | None) -> None:
    days = (first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1))
    if not any(day.weekday() in task.weekdays and day >= task.starts_on for day in days):
        raise NotAllowed(f"“{task.task.name}” is not planned on that day. Choose a day of the plan.", field="first_on")
    if session == task.session and to_day in (None, first_on):
        raise NotAllowed(f"“{task.task.name}” is in that session already. Choose another one.", field="session")


def check_can_end_exception(row: SlotException, *, today: date) -> None:
    """One that still changes something."""
    if row.ended_at is not None:
        raise NotAllowed("This is taken back already.")
    if max(row.last_on, row.to_day or row.last_on) < today:
        raise NotAllowed("These days are over.")


can_end_exception = twin(check_can_end_exception)


def check_can_cover(
    plan: Plan, slots: Sequence[Slot], *, open_slots: Collection[Slot], agreed: bool, today: date
) -> None:
    """Visits to which nobody comes, from today for four weeks, and both people agree."""
    if plan.status != Plan.Status.ACTIVE:
        raise NotAllowed("This plan is not active, so there is no visit to cover.")
    if not slots:
        raise NotAllowed("Select at least one visit.", field="slots")
    for day, _ in slots:
        check_day_to_cover(day, today=today)
    if not agreed:
        raise NotAllowed("Ask both people first, in private, and tick that they agree.", field="agreed")
    if any(slot not in open_slots for slot in slots):
        raise NotAllowed(TAKEN, field="slots")


def check_day_to_cover(day: date, *, today: date) -> None:
    """Somebody who stands in is asked for the next weeks; later than that is the plan's matter."""
    if not today <= day <= today + COVER_AHEAD:
        raise NotAllowed("Choose visits from today up to four weeks ahead.", field="slots")


def check_covers(checks: Iterable[Check], *, matched: bool) -> None:
    """Nothing that counts for a single visit stops this pair."""
    stops = cover_stops(checks, matched=matched)
    if stops:
        raise NotAllowed("This buddy cannot come. " + " ".join(stops), field="buddy")


def cover_stops(checks: Iterable[Check], *, matched: bool) -> list[str]:
    """The words of what stops it. Being matched to the person already is no hindrance, as it is for a match."""
    codes = COVER_CHECKS if matched else COVER_CHECKS | {"CHOICE"}
    return [check.words for check in checks if check.verdict is Verdict.STOP and check.code in codes]


def check_can_come(name: str, why_not: str) -> None:
    """The buddy is there that day: neither resting nor away."""
    if why_not:
        raise NotAllowed(f"{name} {why_not}. Choose another buddy.", field="buddy")


def check_can_end_cover(row: CoverSlot, *, today: date) -> None:
    """A visit still to come."""
    if row.ended_at is not None:
        raise NotAllowed("This is taken back already.")
    if row.day < today:
        raise NotAllowed("This day is over.")


can_end_cover = twin(check_can_end_cover)
