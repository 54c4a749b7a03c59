"""Tasks of a plan that staff do instead of a buddy, for now or until somebody changes the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.actions.days import replan
from referrals.models import Cover, Plan, PlanTask


@transaction.atomic
def hand_to_staff(
    *, by: Actor, now: datetime, plan: Plan, tasks: Iterable[PlanTask], cover: Cover | None = None
) -> int:
    """Staff do these tasks from now on; today's and later visits follow. With `cover`, until that buddy is back."""
    ids = [task.pk for task in tasks]
    rows = PlanTask.objects.select_for_update().filter(pk__in=ids, plan=plan, done_by=PlanTask.DoneBy.BUDDY)
    changed = rows.update(done_by=PlanTask.DoneBy.STAFF, cover=cover)
    _record(Event.TASKS_TO_STAFF, by, plan, changed)
    replan(by=by, now=now, plan=plan)
    return changed


@transaction.atomic
def take_from_staff(*, by: Actor, now: datetime, plan: Plan, covers: Iterable[Cover]) -> int:
    """The buddy is back: what staff did for them only meanwhile is theirs again."""
    rows = PlanTask.objects.select_for_update().filter(plan=plan, cover__in=list(covers), stopped_at__isnull=True)
    changed = rows.update(done_by=PlanTask.DoneBy.BUDDY, cover=None)
    _record(Event.TASKS_FROM_STAFF, by, plan, changed)
    replan(by=by, now=now, plan=plan)
    return changed


def _record(event: Event, by: Actor, plan: Plan, tasks: int) -> None:
    record(event, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, tasks=tasks)
