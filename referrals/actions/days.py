"""Opening a day, and keeping it in step with the plans once it is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.bulk import insert_missing
from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.outbox.publish import month_changed
from referrals.locking import lock_prison
from referrals.models import CoverSlot, Match, Plan, PlannedVisit, Visit
from referrals.queries.days import plan_facts
from referrals.rules import days as rules
from referrals.rules.days import HELD_WORDS, PlanFact, Wanted
from schemes.models import Buddy, Custody

NO_LONGER_PLANNED = "No longer in the plan"
Key = tuple[int, date, str]


@transaction.atomic
def open_day(*, by: Actor, now: datetime, prison: Prison, day: date) -> int:
    """Write down what the plans hold for a day. Safe to run again: what is missing is added, and who comes follows.

    Returns how many visits were added. Refuses a day that is over.
    """
    rules.check_can_open(day, today=london_today(now))
    return _open(by, now, prison, [day])


@transaction.atomic
def open_days(*, by: Actor, now: datetime, prison: Prison, days: Iterable[date], rests: bool = False) -> int:
    """Write down what the plans held on each of many days, also past ones: for an import, and the demonstration.

    A past day holds what stood when it began, by the dates of plans, tasks, matches, clearance and custody; with
    `rests` also the days of rest, as they are now.
    """
    return _open(by, now, prison, sorted(set(days)), rests=rests)


@transaction.atomic
def replan(*, by: Actor, now: datetime, plan: Plan) -> int:
    """Bring today's and later visits in line with a plan that has just changed. Returns how many rows changed.

    Visits about which something is recorded stay as they are. What is added to a day that has begun is no part of
    what the day began with. Every session of today is kept, also one that is over: help may still be on its way.
    """
    plan = Plan.objects.select_for_update(of=("self",)).select_related("prison").get(pk=plan.pk)
    if plan.activated_at is None:
        return 0
    lock_prison(plan.prison)
    today = london_today(now)
    rows = list(PlannedVisit.objects.select_for_update().filter(plan=plan, day__gte=today).order_by("id"))
    logged = set(Visit.objects.filter(planned__in=rows).values_list("planned_id", flat=True))
    facts = plan_facts(plan.prison, since=day_bounds(today)[0], plans=[plan.pk])
    wanted = {
        (visit.day, visit.session): visit
        for day in _days_to_follow(plan.prison, today)
        for fact in facts
        for visit in rules.visits_of(fact, day, at=now, now=now)
    }
    changed = []
    for row in rows:
        visit = wanted.pop((row.day, row.session), None)
        if row.pk not in logged and _follow(row, visit, now):
            changed.append(row)
    PlannedVisit.objects.bulk_update(
        changed, ["tasks", "minutes", "match", "buddy", "cancelled_at", "cancel_reason", "held_at_start"]
    )
    added = [
        {
            **_row(plan.prison_id, visit, held_at_start=visit.day > today and not visit.held),
            "cancelled_at": now if visit.held else None,
        }
        for visit in wanted.values()
    ]
    insert_missing(PlannedVisit, added)
    days = {row.day for row in changed} | {row["day"] for row in added}
    if days:
        record(
            Event.DAY_REPLANNED,
            by=by,
            prison=plan.prison_id,
            subject=plan,
            person_id=plan.person_id,
            added=len(added),
            changed=len(changed),
        )
        month_changed(plan.prison_id, days)
    return len(changed) + len(added)


@transaction.atomic
def follow_plan(*, by: Actor, now: datetime, plan: Plan) -> None:
    """Visits of today and later follow what the plan says now; a plan that never was active has none."""
    if plan.activated_at is not None:
        replan(by=by, now=now, plan=plan)
    month_changed(plan.prison_id, [london_today(now)])


@transaction.atomic
def release_buddy(*, by: Actor, now: datetime, buddy: Buddy) -> int:
    """A buddy may visit no longer, or may again: visits from today go to whoever may, or to nobody."""
    matches = Match.objects.filter(buddy=buddy, status__in=Match.LIVE)
    covers = CoverSlot.objects.filter(buddy=buddy, day__gte=london_today(now), ended_at__isnull=True)
    plans = Plan.objects.for_prison(buddy.prison_id).filter(
        Q(pk__in=matches.values("plan")) | Q(pk__in=covers.values("plan"))
    )
    return sum(replan(by=by, now=now, plan=plan) for plan in plans.order_by("id"))


@transaction.atomic
def follow_custody(*, by: Actor, now: datetime, custody: Custody) -> int:
    """Somebody has left: their own visits are cancelled, and those they would have made go to the second buddy."""
    person, prison = custody.person_id, custody.prison_id
    own = Plan.objects.for_prison(prison).filter(person=person, activated_at__isnull=False)
    changed = sum(replan(by=by, now=now, plan=plan) for plan in own.order_by("id"))
    buddies = Buddy.objects.for_prison(prison).filter(person=person).order_by("id")
    return changed + sum(release_buddy(by=by, now=now, buddy=buddy) for buddy in buddies)


@transaction.atomic
def follow_person(*, by: Actor, now: datetime, prison: Prison, person_id: int) -> int:
    """Somebody is away, or back: visits to them are held or planned again, and those they make go to whoever may."""
    own = Plan.objects.for_prison(prison).filter(person=person_id, activated_at__isnull=False, ended_at__isnull=True)
    changed = sum(replan(by=by, now=now, plan=plan) for plan in own.order_by("id"))
    buddies = Buddy.objects.for_prison(prison).filter(person=person_id).order_by("id")
    return changed + sum(release_buddy(by=by, now=now, buddy=buddy) for buddy in buddies)


def _open(by: Actor, now: datetime, prison: Prison, days: list[date], *, rests: bool = False) -> int:
    if not days:
        return 0
    lock_prison(prison)
    begins = day_bounds(days[0])[0]
    facts = plan_facts(prison, since=min(begins, now))
    there: set[Key] = set(
        PlannedVisit.objects.for_prison(prison)
        .filter(day__gte=days[0], day__lte=days[-1])
        .values_list("plan_id", "day", "session")
    )
    wanted = {_key(row): row for day in days for row in _rows_of(prison, facts, day, now, rests)}
    _change_who_comes(by, prison, {key: wanted[key] for key in wanted.keys() & there}, now)
    new = [row for key, row in wanted.items() if key not in there]
    for row in new:
        row["cancelled_at"] = now if row["cancel_reason"] else None
        # Whoever is away when the day begins is owed no visit: it does not count among those that were planned.
        row["held_at_start"] = row["held_at_start"] and not row["cancel_reason"]
    added = insert_missing(PlannedVisit, new)
    if added:
        record_many(Event.DAY_OPENED, by=by, prison=prison.code, first=str(days[0]), last=str(days[-1]), visits=added)
        month_changed(prison.code, {row["day"] for row in new})
    return added


def _key(row: dict[str, Any]) -> Key:
    return row["plan_id"], row["day"], row["session"]


def _change_who_comes(by: Actor, prison: Prison, wanted: dict[Key, dict[str, Any]], now: datetime) -> None:
    """A day that is open follows who may come now: a keep-apart record, a renewed clearance, a reinstated buddy, and
    whoever is away from the prison or back.
    """
    later = {day for _, day, _ in wanted if day >= london_today(now)}
    rows = PlannedVisit.objects.for_prison(prison).filter(
        Q(cancelled_at__isnull=True) | Q(cancel_reason__in=HELD_WORDS.values()),
        ~Exists(Visit.objects.filter(planned=OuterRef("pk"))),
        day__in=later,
    )
    changed = []
    for row in rows.select_for_update(of=("self",)).order_by("id") if later else ():
        now_comes = wanted.get((row.plan_id, row.day, row.session))
        if now_comes and _comes_otherwise(row, now_comes, now):
            changed.append(row)
    if changed:
        PlannedVisit.objects.bulk_update(changed, ["match", "buddy", "cancelled_at", "cancel_reason"])
        record_many(Event.DAY_REPLANNED, by=by, prison=prison.code, changed=len(changed))


def _comes_otherwise(row: PlannedVisit, wanted: dict[str, Any], now: datetime) -> bool:
    before = (row.match_id, row.buddy_id, row.cancel_reason)
    row.match_id, row.buddy_id, row.cancel_reason = wanted["match_id"], wanted["buddy_id"], wanted["cancel_reason"]
    if row.cancel_reason:
        row.cancelled_at = row.cancelled_at or now
    else:
        row.cancelled_at = None
    return before != (row.match_id, row.buddy_id, row.cancel_reason)


def _rows_of(prison: Prison, facts: list[PlanFact], day: date, now: datetime, rests: bool) -> Iterable[dict[str, Any]]:
    begins = day_bounds(day)[0]
    at = begins if day < london_today(now) else now
    for fact in facts:
        # A plan that became active during the day was not among what the day began with.
        held = fact.span.start <= begins
        for visit in rules.visits_of(fact, day, at=at, now=now, rests=rests):
            yield _row(prison.pk, visit, held_at_start=held)


def _row(prison_id: str, visit: Wanted, *, held_at_start: bool) -> dict[str, Any]:
    return {
        "prison_id": prison_id,
        "plan_id": visit.plan.id,
        "person_id": visit.plan.person_id,
        "match_id": visit.match_id,
        "buddy_id": visit.buddy_id,
        "day": visit.day,
        "session": visit.session,
        "tasks": list(visit.tasks),
        "minutes": visit.minutes,
        "held_at_start": held_at_start,
        "cancel_reason": visit.held,
    }


def _days_to_follow(prison: Prison, today: date) -> list[date]:
    """Today, and later days that are open already."""
    later = PlannedVisit.objects.for_prison(prison).filter(day__gt=today, day__lte=today + timedelta(days=60))
    return [today, *later.order_by("day").values_list("day", flat=True).distinct()]


def _follow(row: PlannedVisit, visit: Wanted | None, now: datetime) -> bool:
    """Change a row to what the plan wants now; says whether anything differed."""
    if visit is None:
        if row.cancelled_at is not None:
            return False
        row.cancelled_at, row.cancel_reason = now, NO_LONGER_PLANNED
        return True
    before = (row.tasks, row.minutes, row.match_id, row.buddy_id, row.cancelled_at, row.cancel_reason)
    row.tasks, row.minutes = list(visit.tasks), visit.minutes
    row.match_id, row.buddy_id = visit.match_id, visit.buddy_id
    row.cancelled_at = (row.cancelled_at or now) if visit.held else None
    row.cancel_reason = visit.held
    if row.day > london_today(now):
        row.held_at_start = not visit.held
    return before != (row.tasks, row.minutes, row.match_id, row.buddy_id, row.cancelled_at, row.cancel_reason)
