"""Meals and water that no buddy brings: staff do them, and tick them."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed
from referrals.rules.visits import DAYS_BACK, check_not_too_late
from schemes.models import TaskKind


def check_can_tick(
    task: TaskKind, *, planned_tasks: list[str], day: date, today: date, cancelled: bool, covered: bool, ticked_by: str
) -> None:
    """An essential task of an uncovered visit, today or a few days back, ticked once."""
    if not task.essential or task.code not in planned_tasks:
        raise NotAllowed("Only a meal or water task of this visit can be ticked.")
    if cancelled:
        raise NotAllowed("This visit was cancelled, so there is nothing to do. Open the list again.")
    if day > today:
        raise NotAllowed("This visit is still to come. Tick the task once it is done.")
    check_not_too_late(day, today, DAYS_BACK)
    if ticked_by:
        raise NotAllowed(f"{ticked_by} has ticked this task already.")
    if covered:
        raise NotAllowed("A buddy is down for this visit now. Record the visit instead of ticking the task.")
