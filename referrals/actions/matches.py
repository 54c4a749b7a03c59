"""Matching: proposed by the lead, agreed by both people in private, paused, ended.

The buddy's row is held while the checks run again, so that what was shown is what is saved: places cannot be given
twice, and a keep-apart record made in between stops the match.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from referrals.actions.days import replan
from referrals.matching import Check, Suggestion, Verdict
from referrals.models import Consent, Match, Plan
from referrals.queries.capacity import standing
from referrals.queries.matches import live_parts, locked_pair
from referrals.queries.plans import locked_plan
from referrals.queries.suggestions import Facts, facts_for
from referrals.rules import matches as rules
from schemes import guard
from schemes.models import Buddy
from schemes.queries.buddies import locked as lock_buddy

S = Match.Status
FIRST = Match.Part.LEAD


@transaction.atomic
def propose_match(*, by: Actor, now: datetime, plan: Plan, buddy: Buddy, part: str = "LEAD", why: str = "") -> Match:
    """Propose a buddy for a plan; both people are then asked. Reasons and checks are kept as they stood.

    `why` is needed where another buddy is suggested first; who that was is kept with it. Raises `NotAllowed` with
    the words of every check that stops the pair.
    """
    plan = locked_plan(plan)
    rules.check_can_propose(plan, part, live_parts(plan))
    facts = _facts_under_lock(plan, buddy, part, now)
    checks = facts.checks(buddy.pk)
    rules.check_pair_suits(checks)
    first = facts.first_instead_of(buddy.pk)
    rules.check_choice(first.person.full_name if first is not None else "", why)
    guard.refuse(why, field="why")
    match: Match = Match.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        buddy=buddy,
        part=part,
        status=S.PROPOSED,
        reasons=_kept_reasons(facts.suggestion(buddy.pk)),
        checks=_kept_checks(checks),
        instead_of=first,
        choice_reason=why.strip()[:200] if first is not None else "",
        under_take_over=_is_waived(checks, "take-over"),
        under_override=_is_waived(checks, "override"),
        proposed_at=now,
        proposed_by=by.user,
    )
    _record(Event.MATCH_PROPOSED, by, match, plan, part=part)
    if first is not None:
        _record(Event.MATCH_CHOSEN, by, match, plan, instead_of=first.pk)
    return match


@transaction.atomic
def ask_for_buddy(*, by: Actor, now: datetime, plan: Plan, buddy: Buddy | None) -> Plan:
    """Record which buddy the person asks for by name, or that they ask for nobody. It orders the suggestions only."""
    plan = locked_plan(plan)
    rules.check_can_be_asked_for(plan, buddy)
    asked = buddy is not None
    plan.asked_for, plan.asked_for_at, plan.asked_for_by = buddy, now if asked else None, by.user if asked else None
    plan.save(update_fields=["asked_for", "asked_for_at", "asked_for_by"])
    record(
        Event.BUDDY_ASKED_FOR, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id,
        buddy=buddy.pk if buddy is not None else None,
    )  # fmt: skip
    return plan


@transaction.atomic
def record_agreement(
    *, by: Actor, now: datetime, match: Match, person_agrees: bool, buddy_agrees: bool, person_showed: str = ""
) -> Match:
    """Record what both said in private. With two agreements the match is active and today's visits follow.

    A refusal needs no reason, and which of the two refused is kept only by what is not set. Of a person for whom it
    was decided, `person_agrees` says only that they did not object, and what they showed is kept instead of a yes.
    """
    plan = locked_plan(match.plan)
    match = Match.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=match.pk)
    rules.check_can_answer(match, plan)
    decided_for = standing(plan) is not None
    rules.check_shown(decided_for=decided_for, person_showed=person_showed)
    match.under_best_interests = decided_for
    match.person_showed = person_showed.strip() if decided_for else ""
    if person_agrees and not decided_for:
        match.person_agreed_at, match.person_agreed_by = now, by.user
    if buddy_agrees:
        match.buddy_agreed_at, match.buddy_agreed_by = now, by.user
    if not (person_agrees and buddy_agrees):
        return _refuse(by, match, plan)
    facts = _facts_under_lock(plan, match.buddy, match.part, now, without=match.pk)
    checks = facts.checks(match.buddy_id)
    rules.check_pair_suits(checks)
    match.checks, match.under_take_over = _kept_checks(checks), _is_waived(checks, "take-over")
    match.under_override = _is_waived(checks, "override")
    match.status, match.started_on, match.version = S.ACTIVE, london_today(now), match.version + 1
    match.save(
        update_fields=[
            "person_agreed_at",
            "person_agreed_by",
            "buddy_agreed_at",
            "buddy_agreed_by",
            "checks",
            "under_take_over",
            "under_override",
            "under_best_interests",
            "person_showed",
            "status",
            "started_on",
            "version",
        ]
    )
    if not decided_for:
        Consent.objects.create(
            prison_id=match.prison_id,
            plan=plan,
            scope=Consent.Scope.NAMED_BUDDY,
            given=True,
            match=match,
            taken_at=now,
            taken_by=by.user,
        )
    _record(Event.MATCH_STARTED, by, match, plan)
    _follow(by, now, match, plan)
    return match


@transaction.atomic
def pause_match(*, by: Actor, now: datetime, match: Match, reason: str) -> Match:
    """Stop a match for now. Visits go to the second buddy, or nobody comes."""
    rules.check_reason(reason, of="pausing")
    match, plan = _locked(match)
    rules.check_can_become(match, S.PAUSED)
    _set_status(match, S.PAUSED)
    _record(Event.MATCH_PAUSED, by, match, plan, reason=reason[:200])
    _follow(by, now, match, plan)
    return match


@transaction.atomic
def resume_match(*, by: Actor, now: datetime, match: Match) -> Match:
    """Start a paused match again, if nothing stops the pair by now."""
    match, plan = _locked(match)
    if match.status != S.PAUSED:
        rules.check_can_become(match, S.ACTIVE)
    facts = _facts_under_lock(plan, match.buddy, match.part, now, without=match.pk)
    rules.check_pair_suits(facts.checks(match.buddy_id))
    _set_status(match, S.ACTIVE)
    _record(Event.MATCH_RESUMED, by, match, plan)
    _follow(by, now, match, plan)
    return match


@transaction.atomic
def end_match(*, by: Actor, now: datetime, match: Match, reason: str) -> Match:
    """End a match, with the reason that stays in the plan's history."""
    rules.check_reason(reason, of="ending")
    match, plan = _locked(match)
    rules.check_can_become(match, S.ENDED)
    match.ended_at, match.ended_by, match.end_reason = now, by.user, reason.strip()[:200]
    match.status, match.version = S.ENDED, match.version + 1
    match.save(update_fields=["ended_at", "ended_by", "end_reason", "status", "version"])
    _record(Event.MATCH_ENDED, by, match, plan)
    _follow(by, now, match, plan)
    return match


@transaction.atomic
def make_first(*, by: Actor, now: datetime, match: Match) -> Match:
    """Make the plan's second buddy the first, once the first has gone. Hours and days are theirs from now on."""
    match, plan = _locked(match)
    rules.check_can_be_first(match, live_parts(plan))
    facts = _facts_under_lock(plan, match.buddy, FIRST, now, without=match.pk)
    rules.check_pair_suits(facts.checks(match.buddy_id))
    match.part, match.version = FIRST, match.version + 1
    match.save(update_fields=["part", "version"])
    _record(Event.MATCH_MADE_FIRST, by, match, plan)
    _follow(by, now, match, plan)
    return match


def _locked(match: Match) -> tuple[Match, Plan]:
    """Plan before match, always, so that two changes at once wait for each other in one order."""
    plan = locked_plan(match.plan)
    return Match.objects.select_for_update(of=("self",)).select_related("buddy").get(pk=match.pk), plan


def _facts_under_lock(plan: Plan, buddy: Buddy, part: str, now: datetime, *, without: int | None = None) -> Facts:
    locked_pair([plan.person_id, buddy.person_id])
    lock_buddy(buddy)
    facts = facts_for(plan.prison, plan, part, london_today(now), also=buddy.pk, without=without)
    rules.check_wing_known(facts.need.wing)
    return facts


def _refuse(by: Actor, match: Match, plan: Plan) -> Match:
    match.status, match.version = S.REFUSED, match.version + 1
    match.save(
        update_fields=[
            "person_agreed_at",
            "person_agreed_by",
            "buddy_agreed_at",
            "buddy_agreed_by",
            "under_best_interests",
            "person_showed",
            "status",
            "version",
        ]
    )
    _record(Event.MATCH_REFUSED, by, match, plan)
    return match


def _set_status(match: Match, status: str) -> None:
    match.status, match.version = status, match.version + 1
    match.save(update_fields=["status", "version"])


def _follow(by: Actor, now: datetime, match: Match, plan: Plan) -> None:
    replan(by=by, now=now, plan=plan)
    month_changed(match.prison_id, [london_today(now)])


def _record(event: Event, by: Actor, match: Match, plan: Plan, **details: Any) -> None:
    record(
        event,
        by=by,
        prison=match.prison_id,
        subject=match,
        person_id=plan.person_id,
        buddy=match.buddy_id,
        plan=plan.pk,
        **details,
    )


def _kept_reasons(suggestion: Suggestion | None) -> list[dict[str, Any]]:
    return [
        {"code": reason.code, "words": reason.words, "weight": reason.weight, "most": reason.most}
        for reason in (suggestion.reasons if suggestion is not None else ())
    ]


def _kept_checks(checks: tuple[Check, ...]) -> list[dict[str, Any]]:
    return [
        {
            "code": check.code,
            "verdict": check.verdict.value,
            "words": check.words,
            "as_of": check.as_of.isoformat() if check.as_of else None,
        }
        for check in checks
    ]


def _is_waived(checks: tuple[Check, ...], how: str) -> bool:
    """Whether the compact or a module is only waived for now, by a take-over or by an override."""
    return any(check.verdict is Verdict.WARN and f"({how})" in check.words for check in checks)
