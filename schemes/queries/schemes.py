"""The prison's scheme: where it works, what it allows, and when people are unlocked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, time

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.bank_holidays import bank_holiday_on
from schemes.models import HolidayRegime, LockDown, RegimeTime, Scheme, SchemeTask, TaskKind
from schemes.models.regime import HOLIDAY_TIMES

SUNDAY = 6
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


def regime_on(prison: Prison, day: date) -> Times:
    """Unlock and lock-up by session on that very day: a bank holiday has a regime of its own."""
    if not bank_holiday_on(day):
        return regime_of(prison, day.weekday())
    return holiday_times(holiday_regime(prison), regime_week(prison))


def regime_on_days(prison: Prison, days: Collection[date]) -> dict[date, Times]:
    """The same for several days, in two queries; nothing where the prison has entered no regime."""
    week = regime_week(prison)
    if not week:
        return {}
    special = {day for day in days if bank_holiday_on(day)}
    holiday = holiday_times(holiday_regime(prison), week) if special else {}
    return {day: holiday if day in special else week.get(day.weekday(), {}) for day in days}


def holiday_regime(prison: Prison) -> HolidayRegime | None:
    """What the prison settled for bank holidays, if anything."""
    found: HolidayRegime | None = HolidayRegime.objects.for_prison(prison).first()
    return found


def holiday_times(row: HolidayRegime | None, week: dict[int, Times]) -> Times:
    """The times of a bank holiday, by the prison's own word or else as on Sunday."""
    if row is None or row.like_weekday is not None:
        return week.get(SUNDAY if row is None or row.like_weekday is None else row.like_weekday, {})
    return {
        session: (getattr(row, unlock), getattr(row, lock))
        for session, (unlock, lock) in HOLIDAY_TIMES.items()
        if getattr(row, unlock) is not None
    }


def regime_of(prison: Prison, weekday: int) -> Times:
    """Unlock and lock-up by session on a weekday (0 is Monday); a session without unlock is not there."""
    return regime_week(prison).get(weekday, {})


def regime_week(prison: Prison) -> dict[int, Times]:
    """The whole week's regime, by weekday and session."""
    week: dict[int, Times] = {}
    for row in RegimeTime.objects.for_prison(prison).order_by("weekday", "unlock_at"):
        week.setdefault(row.weekday, {})[row.session] = (row.unlock_at, row.lock_at)
    return week


def lock_downs_on(prison: Prison, day: date, *, until: date | None = None) -> QuerySet[LockDown]:
    """Lock-downs of a day (or of all days until another), of one wing or of all."""
    rows: QuerySet[LockDown] = LockDown.objects.for_prison(prison).filter(day__range=(day, until or day))
    return rows.select_related("wing").order_by("id")


def lock_downs(prison: Prison) -> QuerySet[LockDown]:
    """All lock-downs, newest day first."""
    rows: QuerySet[LockDown] = LockDown.objects.for_prison(prison)
    return rows.select_related("wing", "recorded_by").order_by("-day", "-id")
