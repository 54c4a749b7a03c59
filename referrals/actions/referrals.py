"""Making a referral and screening it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.rules import check_transition
from buddyscheme.outbox.publish import month_changed
from referrals.actions.assessments import ask_for_assessment
from referrals.drawing import create_with_reference
from referrals.models import Referral
from referrals.rules import referrals as rules
from schemes.models import Person, Referrer
from schemes.queries.people import custody_of


@transaction.atomic
def make_referral(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    source: str,
    urgency: str,
    need_areas: Sequence[str],
    reason: str,
    other_help: str,
) -> Referral:
    """Refer a person who is held here. `other_help` is never used for discipline."""
    rules.check_can_refer(here=custody_of(prison, person) is not None, need_areas=need_areas, reason=reason)
    referral = create_with_reference(
        Referral,
        "R",
        prison=prison,
        person=person,
        source=Referral.Source(source),
        urgency=Referral.Urgency(urgency),
        need_areas=[Referral.NeedArea(area) for area in need_areas],
        reason=reason.strip(),
        other_help=Referral.OtherHelp(other_help),
        referred_at=now,
        referred_by=by.user,
    )
    if by.user is not None:
        # Known below as well: nobody clears a person whom they referred.
        Referrer.objects.bulk_create([Referrer(prison=prison, person=person, user=by.user)], ignore_conflicts=True)
    record(Event.REFERRAL_MADE, by=by, prison=prison.code, subject=referral, person_id=person.pk, source=source)
    month_changed(prison.code, [london_today(now)])
    return referral


@transaction.atomic
def screen_referral(
    *, by: Actor, now: datetime, referral: Referral, outcome: str, reason: str, version: int
) -> Referral:
    """Decide what happens next, and put it to the council or to healthcare where the outcome says so."""
    referral = Referral.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=referral.pk)
    here = custody_of(referral.prison, referral.person) is not None
    rules.check_can_screen(referral, version=version, outcome=outcome, reason=reason, here=here)
    referral.status = rules.status_after(outcome)
    referral.outcome, referral.outcome_reason = outcome, reason.strip()
    referral.screened_at, referral.screened_by = now, by.user
    referral.version += 1
    referral.save(update_fields=["status", "outcome", "outcome_reason", "screened_at", "screened_by", "version"])
    record(
        Event.REFERRAL_SCREENED,
        by=by,
        prison=referral.prison_id,
        subject=referral,
        person_id=referral.person_id,
        outcome=outcome,
    )
    for body in rules.ASKED[outcome]:
        ask_for_assessment(by=by, now=now, referral=referral, body=body)
    month_changed(referral.prison_id, [london_today(referral.referred_at), london_today(now)])
    return referral


@transaction.atomic
def close_referral(*, by: Actor, now: datetime, referral: Referral, reason: str) -> Referral:
    """Close a referral that nobody has screened, because the person has left: kept apart from those decided."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    check_transition(
        rules.TRANSITIONS, referral.status, rules.Status.NOT_PROGRESSED, "This referral has been screened already."
    )
    referral.status, referral.outcome, referral.outcome_reason = (
        rules.Status.NOT_PROGRESSED,
        rules.Outcome.LEFT,
        reason,
    )
    referral.screened_at, referral.screened_by = now, by.user
    referral.version += 1
    referral.save(update_fields=["status", "outcome", "outcome_reason", "screened_at", "screened_by", "version"])
    record(Event.REFERRAL_CLOSED, by=by, prison=referral.prison_id, subject=referral, person_id=referral.person_id)
    month_changed(referral.prison_id, [london_today(referral.referred_at), london_today(now)])
    return referral
