"""Equipment: its kinds, which are data, and when a check is overdue. And how people leave in an emergency."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import Equipment, Plan
from referrals.rules.plans import check_can_write

DATA = Path(__file__).parent.parent / "data" / "equipment.csv"
OTHER = "OTHER"
# Nothing is left unchecked, and no evacuation plan unread, for longer than this.
LONGEST = timedelta(days=366)
MOST_STAFF = 9


@cache
def kinds() -> dict[str, tuple[str, str]]:
    """Code to name in English and in Welsh, in the order of the list."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["name_cy"]) for row in csv.DictReader(file)}


def name_of(kind: str, what: str = "", *, welsh: bool = False) -> str:
    """What it is called; what somebody wrote where the list has no name for it."""
    if kind == OTHER and what:
        return what
    english, cymraeg = kinds().get(kind, (kind, kind))
    return cymraeg if welsh else english


def is_overdue(thing: Equipment, today: date) -> bool:
    """Whether its next check should have been done."""
    return thing.next_check_on is not None and thing.next_check_on < today


def check_dates(checked_on: date | None, next_check_on: date | None, today: date) -> None:
    """Checked today or before; the next check after today and within a year."""
    if checked_on is not None and checked_on > today:
        raise NotAllowed("The day of the last check must be today or before.", field="checked_on")
    if next_check_on is not None and not today < next_check_on <= today + LONGEST:
        raise NotAllowed("Enter a next check after today and within a year.", field="next_check_on")


def check_can_add(
    plan: Plan, *, kind: str, what: str, checked_on: date | None, next_check_on: date | None, today: date
) -> None:
    """A thing of the list, or one that is described, on a plan that is not closed."""
    check_can_write(plan)
    if kind not in kinds():
        raise NotAllowed("Select what it is.", field="kind")
    if kind == OTHER and not what.strip():
        raise NotAllowed("Enter what it is.", field="what")
    check_dates(checked_on, next_check_on, today)


def check_can_change(
    plan: Plan, thing: Equipment, *, checked_on: date | None = None, next_check_on: date | None = None, today: date
) -> None:
    """A check is recorded, or the thing goes: once, and while the plan is not closed."""
    if thing.removed_at is not None:
        raise NotAllowed("This equipment has been taken out of the plan already.")
    check_can_write(plan)
    check_dates(checked_on, next_check_on, today)


def check_can_write_evacuation(
    plan: Plan, *, needs_help: bool, how: str, staff: int | None, waits_at: str, review_on: date | None, today: date
) -> None:
    """Somebody who needs help: how, how many staff, where they wait, and when it is looked at again."""
    check_can_write(plan)
    if not needs_help:
        return
    if not how.strip():
        raise NotAllowed("Enter how the person leaves.", field="how")
    if staff is None or not 1 <= staff <= MOST_STAFF:
        raise NotAllowed(f"Enter how many staff are needed, from 1 to {MOST_STAFF}.", field="staff")
    if not waits_at.strip():
        raise NotAllowed("Enter where the person waits for help.", field="waits_at")
    if review_on is None or not today < review_on <= today + LONGEST:
        raise NotAllowed("Enter a review date after today and within a year.", field="review_on")


can_add = twin(check_can_add)
can_change = twin(check_can_change)
