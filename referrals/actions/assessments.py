"""Putting a referral to the council or to healthcare, and their answer."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from referrals.actions.needs import note_needs
from referrals.drawing import create_with_reference
from referrals.models import AssessmentRequest, Referral
from referrals.rules import assessments as rules


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
    before = assessment.decided_on
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
    if rules.says_need(assessment) and before is None:
        note_needs(
            by=by,
            now=now,
            prison=assessment.prison,
            person=assessment.person,
            source=assessment.body,
            categories=assessment.referral.need_areas,
            referral=assessment.referral,
        )
    days = [assessment.asked_on, before, decided_on, london_today(now)]
    month_changed(assessment.prison_id, [day for day in days if day is not None])
    return assessment
