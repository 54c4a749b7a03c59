"""Decisions in the best interests of somebody who cannot decide, and their end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.actions.boundary import hold_text, let_go
from referrals.actions.days import follow_plan
from referrals.actions.matches import end_match
from referrals.models import CapacityRecord, HeldText, Match, Plan
from referrals.queries.capacity import standing, withdrew
from referrals.queries.plans import locked_plan
from referrals.rules import capacity as rules
from referrals.rules.boundary import check_words
from referrals.rules.capacity import Assessment
from schemes import guard

End, Status = CapacityRecord.End, Plan.Status
OBJECTED = "The person objected"


@transaction.atomic
def record_capacity(*, by: Actor, now: datetime, plan: Plan, assessment: Assessment) -> CapacityRecord:
    """Record an assessment and the decision that rests on it; the one before ends. No consent is stored.

    Where the person objects, that is recorded and no help stands on it: a running plan is paused at once, and matches
    that stood on the decision before end. Else a plan that was paused by an objection goes on.
    Words on why that seem to describe personal care are held.
    """
    plan = locked_plan(plan)
    rules.check_can_record(plan, withdrew=withdrew(plan))
    rules.check_assessment(assessment, today=london_today(now))
    guard.refuse(assessment.decision, field="decision")
    before = standing(plan)
    if before is not None:
        _end(by, now, before, End.REPLACED)
        let_go(by=by, now=now, plan=plan, place=HeldText.Place.CAPACITY, subject_id=before.pk)
    decided = assessment.best_interests.strip()
    hits = check_words(decided)
    objects = assessment.objects
    kept: CapacityRecord = CapacityRecord.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        decision=assessment.decision.strip(),
        assessed_by_name=assessment.assessed_by_name.strip(),
        assessed_by_role=assessment.assessed_by_role.strip(),
        assessed_on=assessment.assessed_on,
        cannot=list(assessment.cannot),
        best_interests=guard.WAITS if hits else decided,
        share=assessment.share,
        consulted=list(assessment.consulted),
        advocate=assessment.advocate,
        advocate_words=assessment.advocate_words.strip(),
        objects_to_it=objects,
        review_on=assessment.review_on,
        recorded_at=now,
        recorded_by=by.user,
        ended_at=now if objects else None,
        ended_by=by.user if objects else None,
        end=End.OBJECTED if objects else "",
    )
    if hits:
        hold_text(
            by=by, now=now, prison=plan.prison, plan=plan, place=HeldText.Place.CAPACITY, subject_id=kept.pk,
            words=decided, hits=hits,
        )  # fmt: skip
    record(
        Event.CAPACITY_RECORDED, by=by, prison=plan.prison_id, subject=kept, person_id=plan.person_id, objects=objects
    )
    if objects:
        _stop(by, now, plan, OBJECTED)
    elif plan.status == Status.PAUSED:
        _set(plan, Status.ACTIVE)
    follow_plan(by=by, now=now, plan=plan)
    return kept


@transaction.atomic
def end_capacity(*, by: Actor, now: datetime, capacity: CapacityRecord, objected: bool) -> CapacityRecord:
    """The person can decide again, or shows that they do not want this. Help stops until they were asked.

    Matches that stood on the decision end: the person is asked about their buddy too.
    """
    plan = locked_plan(capacity.plan)
    capacity = CapacityRecord.objects.select_for_update().get(pk=capacity.pk)
    rules.check_can_end(capacity)
    _end(by, now, capacity, End.OBJECTED if objected else End.REGAINED)
    _stop(by, now, plan, OBJECTED if objected else "The person can decide again and is asked")
    event = Event.CAPACITY_OBJECTED if objected else Event.CAPACITY_REGAINED
    record(event, by=by, prison=plan.prison_id, subject=capacity, person_id=plan.person_id)
    follow_plan(by=by, now=now, plan=plan)
    return capacity


def _stop(by: Actor, now: datetime, plan: Plan, reason: str) -> None:
    """A plan that ran is paused; matches that stood on the decision end, those that wait for an answer too."""
    if plan.status == Status.ACTIVE:
        _set(plan, Status.PAUSED)
    for match in Match.objects.filter(plan=plan, status__in=Match.LIVE, under_best_interests=True).order_by("id"):
        end_match(by=by, now=now, match=match, reason=reason)


def _end(by: Actor, now: datetime, capacity: CapacityRecord, end: str) -> None:
    capacity.ended_at, capacity.ended_by, capacity.end = now, by.user, end
    capacity.save(update_fields=["ended_at", "ended_by", "end"])


def _set(plan: Plan, status: str) -> None:
    plan.status = status
    plan.version += 1
    plan.save(update_fields=["status", "version"])
