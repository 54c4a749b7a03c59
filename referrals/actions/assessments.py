"""Putting a referral to the council or to healthcare, and their answer."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.outbox.publish import month_changed, months_changed
from referrals.actions.needs import note_needs
from referrals.drawing import create_with_reference
from referrals.models import AssessmentChase, AssessmentRequest, Referral
from referrals.queries.assessments import days_of_step
from referrals.queries.referrals import areas_of
from referrals.rules import assessments as rules
from schemes.models import Custody
from schemes.queries.people import is_back


@transaction.atomic
def ask_for_assessment(*, by: Actor, now: datetime, referral: Referral, body: str) -> AssessmentRequest:
    """Put the referral to one body; its days are counted from today. Called by screening."""
    assessment = create_with_reference(
        AssessmentRequest,
        "A",
        prison_id=referral.prison_id,
        referral=referral,
        person_id=referral.person_id,
        body=AssessmentRequest.Body(body),
        asked_on=london_today(now),
        asked_at=now,
        asked_by=by.user,
    )
    record(
        Event.ASSESSMENT_ASKED,
        by=by,
        prison=referral.prison_id,
        subject=assessment,
        person_id=referral.person_id,
        body=body,
    )
    month_changed(referral.prison_id, [london_today(now)])
    return assessment


@transaction.atomic
def answer_assessment(
    *,
    by: Actor,
    now: datetime,
    assessment: AssessmentRequest,
    acknowledged_on: date | None,
    visited_on: date | None,
    decided_on: date | None,
    decision: str,
    answer: str,
    version: int,
) -> AssessmentRequest:
    """Record what the body says so far: dates, and the decision with its date. May be added to later."""
    rows = AssessmentRequest.objects.select_for_update(of=("self",)).select_related("prison", "person", "referral")
    assessment = rows.get(pk=assessment.pk)
    said = rules.says_need(assessment)
    rules.check_can_answer(
        assessment,
        acknowledged_on=acknowledged_on,
        visited_on=visited_on,
        decided_on=decided_on,
        decision=decision,
        today=london_today(now),
        version=version,
    )
    assessment.acknowledged_on, assessment.visited_on = acknowledged_on, visited_on
    assessment.decided_on, assessment.decision, assessment.answer = decided_on, decision, answer.strip()
    assessment.answered_at, assessment.answered_by = now, by.user
    assessment.version += 1
    assessment.save(
        update_fields=[
            "acknowledged_on",
            "visited_on",
            "decided_on",
            "decision",
            "answer",
            "answered_at",
            "answered_by",
            "version",
        ]
    )
    record(
        Event.ASSESSMENT_ANSWERED,
        by=by,
        prison=assessment.prison_id,
        subject=assessment,
        person_id=assessment.person_id,
        body=assessment.body,
        decision=decision,
    )
    if rules.says_need(assessment) and not said:
        note_needs(
            by=by,
            now=now,
            prison=assessment.prison,
            person=assessment.person,
            source=assessment.body,
            categories=areas_of(assessment.referral),
            referral=assessment.referral,
        )
    # Whether it waited at the end of a month may change for every month since it was asked.
    months_changed(assessment.prison_id, assessment.asked_on, london_today(now))
    return assessment


@transaction.atomic
def receive_plan(
    *, by: Actor, now: datetime, assessment: AssessmentRequest, plan_received_on: date, version: int
) -> AssessmentRequest:
    """Record that the council's own plan for the person has come."""
    assessment = AssessmentRequest.objects.select_for_update().get(pk=assessment.pk)
    rules.check_can_receive_plan(assessment, received_on=plan_received_on, today=london_today(now), version=version)
    assessment.plan_received_on = plan_received_on
    assessment.version += 1
    assessment.save(update_fields=["plan_received_on", "version"])
    _record(Event.ASSESSMENT_PLAN_RECEIVED, by, assessment, on=str(plan_received_on))
    return assessment


@transaction.atomic
def chase_assessment(*, by: Actor, now: datetime, assessment: AssessmentRequest) -> AssessmentChase:
    """Log a letter that asks after the step waited for. Printing it again logs nothing more."""
    assessment = AssessmentRequest.objects.select_for_update().get(pk=assessment.pk)
    today = london_today(now)
    rules.check_can_chase(assessment, chased_today=assessment.chases.filter(printed_on=today).exists())
    step = rules.step_waited_for(assessment)
    assert step is not None  # the rule has said so
    chase: AssessmentChase = AssessmentChase.objects.create(
        prison_id=assessment.prison_id,
        assessment=assessment,
        step=step,
        waited=days_of_step(assessment, step, today),
        printed_on=today,
        printed_at=now,
        printed_by=by.user,
    )
    _record(Event.ASSESSMENT_CHASED, by, assessment, step=step, days=chase.waited)
    return chase


@transaction.atomic
def close_assessments(*, by: Actor, now: datetime, custody: Custody) -> int:
    """Somebody has left: what is still waited for at this prison is closed with the reason. Returns how many.

    Safe to run twice; does nothing where the person is back.
    """
    if custody.ended_at is None or is_back(custody):
        return 0
    left_on = london_today(custody.ended_at)
    rows = AssessmentRequest.objects.for_prison(custody.prison_id).filter(
        person=custody.person_id, closed_on__isnull=True, asked_on__lte=left_on
    )
    closed = [row for row in rows.select_for_update().order_by("id") if rules.step_waited_for(row) is not None]
    for assessment in closed:
        assessment.closed_on = left_on
        assessment.close_reason = f"Left this prison on {day_in_words(left_on)}"
        assessment.version += 1
        assessment.save(update_fields=["closed_on", "close_reason", "version"])
        _record(Event.ASSESSMENT_CLOSED, by, assessment)
        months_changed(assessment.prison_id, assessment.asked_on, london_today(now))
    return len(closed)


def _record(event: Event, by: Actor, assessment: AssessmentRequest, **details: object) -> None:
    record(
        event,
        by=by,
        prison=assessment.prison_id,
        subject=assessment,
        person_id=assessment.person_id,
        body=assessment.body,
        **details,
    )
