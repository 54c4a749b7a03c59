"""Help from today: a plan of at most fourteen days, with its buddy, in one step; then its end, or the full plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from referrals.actions.matches import propose_match, record_agreement
from referrals.actions.plan_versions import keep_version
from referrals.actions.plans import activate_plan, add_task, end_plan, give_consent, save_plan
from referrals.drawing import create_with_reference
from referrals.models import Consent, Match, Plan, PlanVersion, Referral
from referrals.models.plan import LONGEST_INTERIM
from referrals.queries.interim import over, wings_of
from referrals.queries.plans import live_plan_of
from referrals.rules import interim as rules
from referrals.rules.interim import END_REASON
from schemes.models import Buddy, TaskKind
from schemes.queries.people import custody_of


@transaction.atomic
def help_from_today(
    *,
    by: Actor,
    now: datetime,
    referral: Referral,
    own_words: str,
    tasks: Sequence[TaskKind],
    session: str,
    buddy: Buddy,
    person_agrees: bool,
    buddy_agrees: bool,
) -> Match:
    """Start help today: the plan, its tasks on every day, and the match to which both have just agreed.

    All of it or nothing. Every check of a match is made under the locks that a match takes.
    """
    referral = Referral.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=referral.pk)
    prison, person = referral.prison, referral.person
    rules.check_can_start(
        referral,
        here=custody_of(prison, person) is not None,
        live_plan=live_plan_of(prison, person) is not None,
        own_words=own_words,
        tasks=tasks,
        both_agree=person_agrees and buddy_agrees,
    )
    rules.check_same_wing(wings_of(prison, [person.pk, buddy.person_id]), person.pk, buddy.person_id)
    plan = _begin(by, now, referral, own_words)
    for task in tasks:
        add_task(by=by, now=now, plan=plan, task=task, weekdays=range(7), session=session, minutes=task.minutes)
    plan.refresh_from_db()
    activate_plan(by=by, now=now, plan=plan, version=plan.version)
    match = propose_match(by=by, now=now, plan=plan, buddy=buddy, why=rules.WHY_THIS_BUDDY)
    match = record_agreement(by=by, now=now, match=match, person_agrees=True, buddy_agrees=True)
    record(
        Event.INTERIM_STARTED, by=by, prison=prison.code, subject=plan, person_id=person.pk, buddy=buddy.pk,
        until=str(plan.interim_until),
    )  # fmt: skip
    return match


@transaction.atomic
def make_full(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    goals: Sequence[str],
    safety_words: Sequence[str],
    review_on: date,
    evacuation_plan: bool,
    falls_risk: bool | None,
    version: int,
) -> Plan:
    """Make interim help the full plan: words, tasks, consents and match go on as they are, and no day is missed."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    rules.check_can_make_full(plan, review_on=review_on)
    plan.made_full_at, plan.made_full_by = now, by.user
    plan.save(update_fields=["made_full_at", "made_full_by"])
    record(Event.INTERIM_MADE_FULL, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id)
    plan = save_plan(
        by=by, now=now, plan=plan, goals=goals, safety_words=safety_words, review_on=review_on,
        evacuation_plan=evacuation_plan, falls_risk=falls_risk, version=version,
    )  # fmt: skip
    keep_version(by=by, now=now, plan=plan, why=PlanVersion.Why.FULL)
    return plan


@transaction.atomic
def end_interim_help(*, by: Actor, now: datetime, prison: Prison) -> int:
    """End interim help whose last day is over. Safe to run again. Returns how many plans ended.

    Whoever started it also set its last day, so the end stands in their name; the audit says that nobody pressed a
    button.
    """
    # Held while they end: what another worker has ended, or the lead has made full, is no longer among them.
    found = list(over(prison, london_today(now)).select_for_update(of=("self",)).select_related("activated_by"))
    for plan in found:
        starter = Actor(kind=by.kind, id=by.id, user=plan.activated_by)
        end_plan(by=starter, now=now, plan=plan, reason=END_REASON)
        record(Event.INTERIM_OVER, by=by, prison=prison.code, subject=plan, person_id=plan.person_id)
    return len(found)


def _begin(by: Actor, now: datetime, referral: Referral, own_words: str) -> Plan:
    today = london_today(now)
    until = today + LONGEST_INTERIM
    try:
        plan = create_with_reference(
            Plan,
            "P",
            prison=referral.prison,
            referral=referral,
            person=referral.person,
            status=Plan.Status.DRAFT,
            own_words=own_words.strip(),
            answer=Plan.Answer.AGREES,
            asked_at=now,
            asked_by=by.user,
            interim_from=today,
            interim_until=until,
            review_on=until,
        )
    except IntegrityError as error:
        if "plan_one_live" not in str(error):
            raise
        raise rules.has_plan() from error
    give_consent(by=by, now=now, plan=plan, scope=Consent.Scope.SUPPORT)
    record(
        Event.WISHES_RECORDED, by=by, prison=referral.prison_id, subject=plan, person_id=referral.person_id,
        answer=plan.answer,
    )  # fmt: skip
    return plan
