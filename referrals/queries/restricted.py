"""Restricted tasks in plans: those whose approval has ended and that nobody does therefore."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Plan, PlanTask
from referrals.queries.places import with_place
from schemes.models import SchemeTask, TaskKind


def plans_with_task(prison: Prison | str, code: str) -> QuerySet[Plan]:
    """Plans that were made active and hold this task now."""
    tasks = PlanTask.objects.filter(plan=OuterRef("pk"), task=code, stopped_at__isnull=True)
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison)
    return rows.filter(Exists(tasks), activated_at__isnull=False, status__in=Plan.LIVE).order_by("id")


def without_approval(prison: Prison, today: date) -> QuerySet[PlanTask]:
    """Tasks of running plans that need an approval of the scheme and have none today."""
    approved = SchemeTask.objects.filter(
        prison=OuterRef("prison"), task=OuterRef("task"), allowed=True, until__gte=today
    )
    rows: QuerySet[PlanTask] = PlanTask.objects.for_prison(prison).filter(
        ~Exists(approved),
        task__kind=TaskKind.Kind.RESTRICTED,
        stopped_at__isnull=True,
        plan__status__in=Plan.LIVE,
    )
    return with_place(rows, "plan__person").select_related("plan__person", "task").order_by("task__position", "id")
