"""Deciding about training that was passed elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import months_changed
from schemes.models import Buddy
from schemes.queries.buddies import locked
from training.models import Module, ModuleResult, PriorLearning
from training.queries.prior import newest_of_module
from training.rules import prior as rules
from training.rules.results import Mark, settle


@transaction.atomic
def decide_prior_learning(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    module: Module,
    place: str,
    passed_on: date,
    evidence: str,
    evidence_on: date,
    accept: bool,
    reason: str = "",
) -> PriorLearning:
    """Accept a module that was passed elsewhere, or say that it is to be taken again.

    What is accepted becomes a result of its own day, so it lapses as if it had been passed here then. Of a module
    with a practical part only the knowledge is accepted: the practical part is always shown here.
    """
    buddy, today = locked(buddy), london_today(now)
    rules.check_can_decide(
        buddy,
        module,
        accept=accept,
        passed_on=passed_on,
        evidence_on=evidence_on,
        reason=reason,
        newest=newest_of_module(buddy, module),
        today=today,
    )
    prior: PriorLearning = PriorLearning.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        person_id=buddy.person_id,
        module=module,
        place=place,
        passed_on=passed_on,
        evidence=evidence,
        evidence_on=evidence_on,
        decision=PriorLearning.Decision.ACCEPTED if accept else PriorLearning.Decision.RETAKE,
        reason=reason,
        decided_at=now,
        decided_by=by.user,
    )
    if accept:
        _count_it(by, now, prior, buddy, module)
        months_changed(buddy.prison_id, passed_on, today)
    event = Event.PRIOR_LEARNING_ACCEPTED if accept else Event.PRIOR_LEARNING_RETAKE
    record(event, by=by, prison=buddy.prison_id, subject=prior, person_id=buddy.person_id, module=module.code)
    return prior


def _count_it(by: Actor, now: datetime, prior: PriorLearning, buddy: Buddy, module: Module) -> None:
    part = ModuleResult.Part
    mark = Mark(buddy=buddy, knowledge=part.PASSED, practical=part.NOT_YET if module.practical else "")
    each = settle(module, mark, newest=None, assessed_on=prior.passed_on)
    ModuleResult.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        person_id=buddy.person_id,
        module=module,
        outcome=each.outcome,
        knowledge=each.knowledge,
        practical=each.practical,
        assessed_on=prior.passed_on,
        expires_on=each.expires_on,
        recorded_at=now,
        recorded_by=by.user,
        prior=prior,
    )
