"""Holding words for a second person, and that person's decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from referrals.actions.plan_versions import keep_version
from referrals.boundary import Hit
from referrals.models import (
    CapacityRecord,
    EvacuationPlan,
    HeldText,
    Plan,
    PlanGoal,
    PlanTask,
    WelfareCheck,
)
from referrals.rules import boundary as rules
from schemes.guard import WAITS
from training.models import SupervisionAction

Place, Decision = HeldText.Place, HeldText.Decision
PLAN_PLACES = (Place.PLAN_GOALS, Place.PLAN_NOTES)
# Where something stands in their place meanwhile: the rows and the field.
STANDING_IN: dict[str, tuple[type[Model], str]] = {
    Place.SUPERVISION: (SupervisionAction, "words"),
    Place.WELFARE: (WelfareCheck, "agreed"),
    Place.EVACUATION: (EvacuationPlan, "how"),
    Place.CAPACITY: (CapacityRecord, "best_interests"),
}
NOT_ALLOWED = "A second person did not allow these words."


@transaction.atomic
def hold_text(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    plan: Plan | None,
    place: str,
    subject_id: int | None,
    words: str,
    hits: Sequence[Hit],
) -> HeldText:
    """Keep the words where nobody but a second person reads them. The same words held again stay one row."""
    before = _waiting(plan, place, subject_id)
    if before is not None and before.words == words:
        return before
    _replace(before)
    held: HeldText = HeldText.objects.create(
        prison=prison,
        plan=plan,
        place=Place(place),
        subject_id=subject_id,
        words=words,
        tasks=sorted({hit.code for hit in hits}),
        written_at=now,
        written_by=by.user,
    )
    record(
        Event.TEXT_HELD,
        by=by,
        prison=prison.code,
        subject=held,
        person_id=plan.person_id if plan is not None else None,
        place=place,
        tasks=held.tasks,
    )
    return held


@transaction.atomic
def let_go(*, by: Actor, now: datetime, plan: Plan, place: str, subject_id: int | None = None) -> HeldText | None:
    """The writer has put other, harmless words in the place of held ones: there is nothing left to decide."""
    before = _waiting(plan, place, subject_id)
    if before is None:
        return None
    _replace(before)
    record(
        Event.TEXT_DECIDED,
        by=by,
        prison=before.prison_id,
        subject=before,
        person_id=plan.person_id,
        decision=Decision.REPLACED.value,
    )
    return before


@transaction.atomic
def decide_text(*, by: Actor, now: datetime, held: HeldText, allow: bool, reason: str) -> HeldText:
    """A second person allows the words, which then stand where they were written for, or refuses them."""
    held = HeldText.objects.select_for_update(of=("self",)).select_related("plan").get(pk=held.pk)
    rules.check_can_decide(held, decider_id=by.user.pk if by.user is not None else None, reason=reason)
    held.decision = Decision.ALLOWED if allow else Decision.REFUSED
    held.decision_reason = reason.strip()
    held.decided_at, held.decided_by = now, by.user
    held.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by"])
    if allow:
        _put_in_place(held, held.words)
        if held.plan is not None and held.place in (*PLAN_PLACES, Place.TASK_NOTE, Place.EVACUATION):
            held.plan.refresh_from_db()
            keep_version(by=by, now=now, plan=held.plan)
    elif held.place in STANDING_IN:
        _put_in_place(held, NOT_ALLOWED)
    record(
        Event.TEXT_DECIDED,
        by=by,
        prison=held.prison_id,
        subject=held,
        person_id=held.plan.person_id if held.plan is not None else None,
        decision=held.decision,
    )
    return held


def _waiting(plan: Plan | None, place: str, subject_id: int | None) -> HeldText | None:
    rows = HeldText.objects.select_for_update().filter(
        plan=plan, place=place, subject_id=subject_id, decision=Decision.WAITING
    )
    found: HeldText | None = rows.first() if plan is not None or subject_id is not None else None
    return found


def _replace(before: HeldText | None) -> None:
    if before is not None:
        before.decision = Decision.REPLACED
        before.save(update_fields=["decision"])


def _put_in_place(held: HeldText, words: str) -> None:
    """Write the words where they were meant to be. A visit is never changed: there the held text itself is shown."""
    if held.place in PLAN_PLACES and held.plan_id is not None:
        plan = Plan.objects.select_for_update().get(pk=held.plan_id)
        if plan.status not in Plan.LIVE:
            raise NotAllowed("This plan is closed, so the words have no place any more. Refuse them.")
        if held.place == Place.PLAN_GOALS:
            PlanGoal.objects.filter(plan=plan, pk=held.subject_id or 0).update(words=words)
        else:
            plan.staff_notes = words
        plan.version += 1
        plan.save(update_fields=["staff_notes", "version"])
    elif held.place == Place.TASK_NOTE and held.subject_id is not None:
        plan_task = PlanTask.objects.select_for_update().get(pk=held.subject_id)
        plan_task.note = words
        plan_task.save(update_fields=["note"])
    elif held.place in STANDING_IN and held.subject_id is not None:
        model, field = STANDING_IN[held.place]
        model._default_manager.filter(pk=held.subject_id, **{field: WAITS}).update(**{field: words})
