"""Deciding about a running match whose buddy lacks a module or the compact."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from referrals.actions.staff_tasks import hand_to_staff
from referrals.models import LapseDecision, Match, Plan
from referrals.queries.lapses import flag_of, tasks_that_need
from referrals.rules import lapses as rules

Choice = LapseDecision.Choice


@transaction.atomic
def decide_lapse(
    *, by: Actor, now: datetime, match: Match, choice: str, reason: str, until: date | None = None
) -> LapseDecision:
    """Keep the buddy until a day, look for another one by a day, or hand what needs it to staff from now on."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("prison").get(pk=match.plan_id)
    match = Match.objects.select_for_update(of=("self",)).select_related("buddy", "prison", "plan").get(pk=match.pk)
    today = london_today(now)
    flag = flag_of(match, today)
    lacks = flag.lacks if flag is not None else ()
    codes = frozenset(lack.code for lack in lacks)
    tasks = tasks_that_need(match, codes) if choice == Choice.STAFF else []
    rules.check_can_decide(lacks=lacks, choice=choice, until=until, reason=reason, today=today, tasks=len(tasks))
    decision: LapseDecision = LapseDecision.objects.create(
        prison_id=match.prison_id,
        match=match,
        choice=Choice(choice),
        lacks=sorted(codes),
        until=None if choice == Choice.STAFF else until,
        reason=reason.strip(),
        decided_on=today,
        decided_at=now,
        decided_by=by.user,
    )
    record(
        Event.LAPSE_DECIDED,
        by=by,
        prison=match.prison_id,
        subject=match,
        person_id=plan.person_id,
        buddy=match.buddy_id,
        choice=choice,
        lacks=sorted(codes),
        until=str(decision.until or ""),
    )
    if tasks:
        hand_to_staff(by=by, now=now, plan=plan, tasks=tasks)
        month_changed(match.prison_id, [today])
    return decision
