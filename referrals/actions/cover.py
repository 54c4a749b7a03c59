"""What staff did because no buddy was there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.models import PlannedVisit, StaffTick
from referrals.queries.days import is_uncovered
from referrals.rules import cover as rules
from schemes.models import TaskKind


@transaction.atomic
def tick_staff_task(*, by: Actor, now: datetime, planned: PlannedVisit, task: TaskKind) -> StaffTick:
    """Record that a member of staff brought the meal or the water of an uncovered visit."""
    planned = PlannedVisit.objects.select_for_update(of=("self",)).get(pk=planned.pk)
    earlier = StaffTick.objects.filter(planned=planned, task=task).select_related("done_by").first()
    rules.check_can_tick(
        task,
        planned_tasks=planned.tasks,
        day=planned.day,
        today=london_today(now),
        cancelled=planned.cancelled_at is not None,
        covered=not is_uncovered(planned),
        ticked_by=earlier.done_by.name if earlier else "",
    )
    tick: StaffTick = StaffTick.objects.create(
        prison_id=planned.prison_id, planned=planned, task=task, done_at=now, done_by=by.user
    )
    record(
        Event.STAFF_TASK_DONE,
        by=by,
        prison=planned.prison_id,
        subject=tick,
        person_id=planned.person_id,
        planned=planned.pk,
        task=task.code,
    )
    return tick
