"""The prison's scheme: where it works, what it allows, and when people are unlocked."""

from __future__ import annotations

from datetime import date, time

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, Wing
from schemes.models import LockDown, RegimeTime, Scheme, SchemeTask, TaskKind

Times = dict[str, tuple[time, time]]


def scheme_of(prison: Prison) -> Scheme | None:
    """The prison's one scheme, or None before anybody began to set it up."""
    found: Scheme | None = Scheme.objects.for_prison(prison).select_related("lead", "deputy").first()
    return found


def served_wings(scheme: Scheme) -> list[Wing]:
    """Wings that the scheme serves, by code."""
    served = scheme.wings.filter(served=True, wing__closed=False).select_related("wing").order_by("wing__code", "id")
    return [row.wing for row in served]


def allowed_tasks(scheme: Scheme, today: date) -> list[TaskKind]:
    """What buddies of the scheme may do on the day, in the catalogue's order.

    A permitted task is allowed unless the scheme stopped it; a restricted one only where it was approved, until the
    last day of that; a prohibited one never, whatever a row says.
    """
    said = {row.task_id: row for row in scheme.tasks.all()}
    tasks = TaskKind.objects.exclude(kind=TaskKind.Kind.PROHIBITED).order_by("position", "code")
    return [task for task in tasks if _allows(task, said.get(task.code), today)]


def _allows(task: TaskKind, row: SchemeTask | None, today: date) -> bool:
    if task.kind == TaskKind.Kind.PERMITTED:
        return row is None or row.allowed
    return row is not None and row.allowed and row.until is not None and row.until >= today


def catalogue() -> QuerySet[TaskKind]:
    """The whole catalogue, in its order."""
    return TaskKind.objects.order_by("position", "code")


def regime_of(prison: Prison, weekday: int) -> Times:
    """Unlock and lock-up by session on a weekday (0 is Monday); a session without unlock is not there."""
    return regime_week(prison).get(weekday, {})


def regime_week(prison: Prison) -> dict[int, Times]:
    """The whole week's regime, by weekday and session."""
    week: dict[int, Times] = {}
    for row in RegimeTime.objects.for_prison(prison).order_by("weekday", "unlock_at"):
        week.setdefault(row.weekday, {})[row.session] = (row.unlock_at, row.lock_at)
    return week


def lock_downs_on(prison: Prison, day: date) -> QuerySet[LockDown]:
    """Lock-downs of a day, of one wing or of all."""
    rows: QuerySet[LockDown] = LockDown.objects.for_prison(prison).filter(day=day)
    return rows.select_related("wing").order_by("id")


def lock_downs(prison: Prison) -> QuerySet[LockDown]:
    """All lock-downs, newest day first."""
    rows: QuerySet[LockDown] = LockDown.objects.for_prison(prison)
    return rows.select_related("wing", "recorded_by").order_by("-day", "-id")
