"""Equipment with its checks, and how a person leaves in an emergency."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.actions.boundary import hold_text, let_go
from referrals.actions.plan_versions import keep_version
from referrals.models import Equipment, EvacuationPlan, HeldText, Plan
from referrals.queries.plan_parts import evacuation_of
from referrals.queries.plans import locked_plan
from referrals.rules import equipment as rules
from referrals.rules.boundary import check_words
from schemes import guard


@transaction.atomic
def add_equipment(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    kind: str,
    owner: str,
    what: str = "",
    checked_on: date | None = None,
    next_check_on: date | None = None,
) -> Equipment:
    """Put one thing into the plan, with the days of its last and its next check where they are known."""
    plan = locked_plan(plan)
    rules.check_can_add(
        plan, kind=kind, what=what, checked_on=checked_on, next_check_on=next_check_on, today=london_today(now)
    )
    guard.refuse(what, field="what")
    thing: Equipment = Equipment.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        kind=kind,
        what=what.strip() if kind == rules.OTHER else "",
        owner=Equipment.Owner(owner),
        checked_on=checked_on,
        next_check_on=next_check_on,
        added_at=now,
        added_by=by.user,
    )
    _record(Event.EQUIPMENT_ADDED, by, plan, equipment=thing.pk, kind=kind)
    keep_version(by=by, now=now, plan=plan)
    return thing


@transaction.atomic
def record_equipment_check(
    *, by: Actor, now: datetime, equipment: Equipment, checked_on: date, next_check_on: date | None
) -> Equipment:
    """Record that it was looked at, and when it is looked at again."""
    plan, thing = _with_plan(equipment)
    rules.check_can_change(plan, thing, checked_on=checked_on, next_check_on=next_check_on, today=london_today(now))
    thing.checked_on, thing.next_check_on = checked_on, next_check_on
    thing.save(update_fields=["checked_on", "next_check_on"])
    _record(Event.EQUIPMENT_CHECKED, by, plan, equipment=thing.pk)
    keep_version(by=by, now=now, plan=plan)
    return thing


@transaction.atomic
def remove_equipment(*, by: Actor, now: datetime, equipment: Equipment) -> Equipment:
    """The person no longer uses it."""
    plan, thing = _with_plan(equipment)
    rules.check_can_change(plan, thing, today=london_today(now))
    thing.removed_at, thing.removed_by = now, by.user
    thing.save(update_fields=["removed_at", "removed_by"])
    _record(Event.EQUIPMENT_REMOVED, by, plan, equipment=thing.pk)
    keep_version(by=by, now=now, plan=plan)
    return thing


@transaction.atomic
def answer_evacuation(*, by: Actor, now: datetime, plan: Plan, needs_help: bool) -> EvacuationPlan | None:
    """Whether the person needs help to leave in an emergency. How is written down later; the same answer changes
    nothing.
    """
    plan = locked_plan(plan)
    before = evacuation_of(plan)
    if before is not None and before.needs_help == needs_help:
        return before
    return _replace(by, now, plan, before, needs_help=needs_help)


@transaction.atomic
def write_evacuation(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    needs_help: bool,
    how: str = "",
    staff: int | None = None,
    waits_at: str = "",
    equipment: str = "",
    review_on: date | None = None,
) -> EvacuationPlan:
    """Write down how the person leaves. It takes the place of the answer before, which is kept.

    Where the words seem to describe personal care they are held; with how many staff, and where, stands at once.
    """
    plan = locked_plan(plan)
    rules.check_can_write_evacuation(
        plan, needs_help=needs_help, how=how, staff=staff, waits_at=waits_at, review_on=review_on,
        today=london_today(now),
    )  # fmt: skip
    guard.refuse(waits_at, field="waits_at")
    guard.refuse(equipment, field="equipment")
    how = how.strip() if needs_help else ""
    hits, before = check_words(how), evacuation_of(plan)
    if before is not None:
        let_go(by=by, now=now, plan=plan, place=HeldText.Place.EVACUATION, subject_id=before.pk)
    details = {
        "how": guard.WAITS if hits else how, "staff": staff, "waits_at": waits_at.strip(),
        "equipment": equipment.strip(), "review_on": review_on,
    }  # fmt: skip
    found = _replace(by, now, plan, before, needs_help=needs_help, **(details if needs_help else {}))
    if hits:
        hold_text(
            by=by, now=now, prison=plan.prison, plan=plan, place=HeldText.Place.EVACUATION, subject_id=found.pk,
            words=how, hits=hits,
        )  # fmt: skip
    keep_version(by=by, now=now, plan=plan)
    return found


def _replace(by: Actor, now: datetime, plan: Plan, before: EvacuationPlan | None, **answers: object) -> EvacuationPlan:
    if before is not None:
        before.replaced_at = now
        before.save(update_fields=["replaced_at"])
    found: EvacuationPlan = EvacuationPlan.objects.create(
        prison_id=plan.prison_id, plan=plan, written_at=now, written_by=by.user, **answers
    )
    _record(Event.EVACUATION_PLAN_WRITTEN, by, plan, evacuation=found.pk, needs_help=found.needs_help)
    return found


def _with_plan(equipment: Equipment) -> tuple[Plan, Equipment]:
    plan = locked_plan(equipment.plan)
    return plan, Equipment.objects.select_for_update().get(pk=equipment.pk)


def _record(event: Event, by: Actor, plan: Plan, **details: object) -> None:
    record(event, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, **details)
