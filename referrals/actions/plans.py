"""The plan's life: what the person wants, writing it, making it active, its tasks, consent, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from referrals.actions.boundary import hold_text, let_go
from referrals.actions.capacity import record_capacity
from referrals.actions.days import follow_plan
from referrals.actions.equipment import answer_evacuation
from referrals.actions.matches import end_match
from referrals.actions.plan_goals import set_goals
from referrals.actions.plan_versions import keep_version
from referrals.drawing import create_with_reference
from referrals.models import (
    Consent,
    HeldText,
    Match,
    Plan,
    PlanTask,
    PlanVersion,
    Referral,
    ReferralTelling,
    TerminalWindow,
)
from referrals.models.plan import SafetyWord
from referrals.queries.capacity import is_supported, standing
from referrals.queries.plans import live_plan_of, locked_plan, running_tasks, stands
from referrals.queries.slots import stops_for_slot
from referrals.queries.tellings import untold_person
from referrals.rules import plans as rules
from referrals.rules.boundary import check_words
from referrals.rules.capacity import Assessment
from referrals.rules.slots import check_can_add_slot
from schemes.models import Scheme, Session, TaskKind
from schemes.queries.people import custody_of
from schemes.queries.schemes import allowed_tasks, scheme_of

Status, Scope, Place = Plan.Status, Consent.Scope, HeldText.Place


@transaction.atomic
def record_wishes(
    *,
    by: Actor,
    now: datetime,
    referral: Referral,
    own_words: str,
    answer: str,
    share: bool = False,
    assessment: Assessment | None = None,
) -> Plan:
    """Record what the person said when asked in private. A refusal closes in peace; it needs no reason.

    Of somebody who cannot decide, `assessment` says who assessed that and what was decided in their best interests.
    Nothing is then stored as their consent, and if they object the step stops here.
    """
    referral = Referral.objects.select_for_update(of=("self",)).select_related("prison", "person").get(pk=referral.pk)
    rules.check_can_record_wishes(
        referral,
        here=custody_of(referral.prison, referral.person) is not None,
        live_plan=live_plan_of(referral.prison, referral.person) is not None,
        own_words=own_words,
    )
    rules.check_answer(answer, assessed=assessment is not None)
    agrees = answer == Plan.Answer.AGREES
    begins = agrees or assessment is not None
    try:
        plan = create_with_reference(
            Plan,
            "P",
            prison=referral.prison,
            referral=referral,
            person=referral.person,
            status=Status.WISHES if begins else Status.REFUSED,
            own_words=own_words.strip(),
            answer=answer,
            asked_at=now,
            asked_by=by.user,
        )
    except IntegrityError as error:
        if "plan_one_live" not in str(error):
            raise
        raise NotAllowed("This person has a plan already. Open the plan instead.") from error
    if assessment is not None:
        record_capacity(by=by, now=now, plan=plan, assessment=assessment)
        if assessment.objects:
            plan.status = Status.REFUSED
            plan.save(update_fields=["status"])
    else:
        for scope, given in ((Scope.SUPPORT, agrees), (Scope.SHARING, share)):
            _keep_consent(by, now, plan, scope, given)
    # Whoever was asked what they want has heard what came of their referral.
    untold_person(referral).update(
        how=ReferralTelling.How.IN_PERSON, told_on=london_today(now), told_at=now, told_by=by.user
    )
    record(
        Event.WISHES_RECORDED,
        by=by,
        prison=referral.prison_id,
        subject=plan,
        person_id=referral.person_id,
        answer=answer,
    )
    month_changed(referral.prison_id, [london_today(now)])
    return plan


@transaction.atomic
def save_plan(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    goals: Sequence[str],
    safety_words: Sequence[str],
    review_on: date | None,
    evacuation_plan: bool,
    falls_risk: bool | None = None,
    staff_notes: str | None = None,
    version: int,
) -> Plan:
    """Save the plan's own page. Goals or notes that seem to describe personal care are held; the rest is saved.

    `evacuation_plan`: whether the person needs help to leave in an emergency. Notes of None stay as they are.
    """
    plan = locked_plan(plan)
    rules.check_can_save(plan, version=version, review_on=review_on, today=london_today(now))
    started, due_before = plan.status == Status.WISHES, plan.review_on
    set_goals(by=by, now=now, plan=plan, goals=goals)
    if staff_notes is not None:
        _set_notes(by, now, plan, staff_notes)
    plan.safety_words = [SafetyWord(word) for word in safety_words]
    plan.review_on = review_on
    if falls_risk is not None:
        plan.falls_risk = falls_risk
    _save(plan, *_begin(plan), "staff_notes", "safety_words", "review_on", "falls_risk")
    answer_evacuation(by=by, now=now, plan=plan, needs_help=evacuation_plan)
    _record(Event.PLAN_STARTED if started else Event.PLAN_CHANGED, by, plan)
    keep_version(by=by, now=now, plan=plan)
    today = london_today(now)
    month_changed(plan.prison_id, [min(due_before or today, today), today])
    return plan


@transaction.atomic
def save_risks(*, by: Actor, now: datetime, plan: Plan, falls_risk: bool, staff_notes: str, version: int) -> Plan:
    """Save what is for staff's eyes only: whether the person may fall, and notes, which pass the boundary guard."""
    plan = locked_plan(plan)
    rules.check_can_save(plan, version=version, review_on=plan.review_on, today=london_today(now))
    _set_notes(by, now, plan, staff_notes)
    plan.falls_risk = falls_risk
    _save(plan, *_begin(plan), "staff_notes", "falls_risk")
    _record(Event.PLAN_CHANGED, by, plan)
    keep_version(by=by, now=now, plan=plan)
    return plan


@transaction.atomic
def add_task(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    task: TaskKind,
    weekdays: Sequence[int],
    session: str,
    minutes: int,
    done_by: str = "BUDDY",
    note: str = "",
    starts_on: date | None = None,
) -> PlanTask:
    """Add a task of the catalogue. Raises `NotAllowed` with the task's own refusal when it is prohibited.

    Where somebody helps with the plan already, they must hold what the task needs: the gate on new slots.
    """
    plan = locked_plan(plan)
    scheme = scheme_of(plan.prison)
    allowed = {kind.code for kind in allowed_tasks(scheme, london_today(now))} if scheme is not None else set()
    rules.check_can_add_task(
        plan,
        task=task,
        allowed=allowed,
        session=session,
        weekdays=weekdays,
        minutes=minutes,
        taken=running_tasks(plan).filter(task=task, session=session).exists(),
        here=custody_of(plan.prison, plan.person) is not None,
    )
    if done_by == PlanTask.DoneBy.BUDDY:
        stops = stops_for_slot(plan, task, weekdays, minutes, london_today(now))
        check_can_add_slot((stop.match.buddy.person.full_name, stop.checks) for stop in stops)
    note = note.strip()
    hits = check_words(note)
    plan_task: PlanTask = PlanTask.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        task=task,
        done_by=PlanTask.DoneBy(done_by),
        weekdays=sorted(set(weekdays)),
        session=Session(session),
        minutes=minutes,
        note="" if hits else note,
        starts_on=starts_on or london_today(now),
    )
    if hits:
        hold_text(
            by=by,
            now=now,
            prison=plan.prison,
            plan=plan,
            place=Place.TASK_NOTE,
            subject_id=plan_task.pk,
            words=note,
            hits=hits,
        )
    _save(plan, *_begin(plan))
    _record(Event.PLAN_TASK_ADDED, by, plan, task=task.code, plan_task=plan_task.pk)
    keep_version(by=by, now=now, plan=plan)
    follow_plan(by=by, now=now, plan=plan)
    return plan_task


@transaction.atomic
def activate_plan(*, by: Actor, now: datetime, plan: Plan, version: int) -> Plan:
    """Make the plan active: from now on its days are planned, with or without a buddy."""
    plan = locked_plan(plan)
    scheme = scheme_of(plan.prison)
    rules.check_can_activate(
        plan,
        version=version,
        tasks=running_tasks(plan).count(),
        agrees=is_supported(plan),
        scheme_open=scheme is not None and scheme.status == Scheme.Status.OPEN,
        here=custody_of(plan.prison, plan.person) is not None,
        today=london_today(now),
    )
    plan.status = Status.ACTIVE
    plan.activated_at, plan.activated_by = now, by.user
    _save(plan, "status", "activated_at", "activated_by")
    _record(Event.PLAN_AGREED, by, plan)
    keep_version(by=by, now=now, plan=plan, why=PlanVersion.Why.ACTIVE)
    follow_plan(by=by, now=now, plan=plan)
    return plan


@transaction.atomic
def stop_task(
    *, by: Actor, now: datetime, plan_task: PlanTask, reason: str = "", window: TerminalWindow | None = None
) -> PlanTask:
    """Stop one task; no reason is needed. Visits planned for today and later follow in the same minute.

    `window`: the person themselves stopped it, at a terminal.
    """
    plan = locked_plan(plan_task.plan)
    plan_task = PlanTask.objects.select_for_update().get(pk=plan_task.pk)
    rules.check_can_stop_task(plan, plan_task)
    plan_task.stopped_at, plan_task.stopped_by = now, by.user
    plan_task.stopped_window, plan_task.stop_reason = window, reason.strip()
    plan_task.save(update_fields=["stopped_at", "stopped_by", "stopped_window", "stop_reason"])
    let_go(by=by, now=now, plan=plan, place=Place.TASK_NOTE, subject_id=plan_task.pk)
    _save(plan)
    _record(Event.PLAN_TASK_STOPPED, by, plan, task=plan_task.task_id, plan_task=plan_task.pk)
    keep_version(by=by, now=now, plan=plan)
    follow_plan(by=by, now=now, plan=plan)
    return plan_task


@transaction.atomic
def end_plan(*, by: Actor, now: datetime, plan: Plan, reason: str) -> Plan:
    """Close the plan with its matches; visits planned for today and later are cancelled."""
    plan = locked_plan(plan)
    rules.check_can_end(plan, reason)
    for match in Match.objects.filter(plan=plan, status__in=Match.LIVE).order_by("id"):
        end_match(by=by, now=now, match=match, reason="The plan ended")
    plan.status = Status.ENDED
    plan.ended_at, plan.ended_by, plan.end_reason = now, by.user, reason.strip()
    _save(plan, "status", "ended_at", "ended_by", "end_reason")
    _record(Event.PLAN_ENDED, by, plan)
    follow_plan(by=by, now=now, plan=plan)
    return plan


@transaction.atomic
def withdraw_consent(*, by: Actor, now: datetime, consent: Consent) -> Consent:
    """Record that the person withdrew one part of consent. Support: the plan is paused and its visits are cancelled.

    A named buddy: that match ends. Sharing: the council and healthcare no longer see the plan.
    """
    plan = locked_plan(consent.plan)
    consent = Consent.objects.select_for_update(of=("self",)).select_related("match").get(pk=consent.pk)
    rules.check_can_withdraw(plan, consent)
    consent.withdrawn_at, consent.withdrawn_by = now, by.user
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    changed = []
    if consent.scope == Scope.SUPPORT and plan.status == Status.ACTIVE:
        plan.status, changed = Status.PAUSED, ["status"]
    _save(plan, *changed)
    _record(Event.CONSENT_WITHDRAWN, by, plan, scope=consent.scope, consent=consent.pk)
    if consent.match is not None and consent.match.status in Match.LIVE:
        end_match(by=by, now=now, match=consent.match, reason="The person withdrew")
    follow_plan(by=by, now=now, plan=plan)
    return consent


@transaction.atomic
def give_consent(*, by: Actor, now: datetime, plan: Plan, scope: str) -> Consent:
    """Record that the person, asked in private, agrees (again) to support or to sharing. A paused plan goes on."""
    plan = locked_plan(plan)
    rules.check_can_give(plan, scope, stands=stands(plan, scope), decided_for=standing(plan) is not None)
    consent = _keep_consent(by, now, plan, Scope(scope), True)
    changed = []
    if scope == Scope.SUPPORT and plan.answer == Plan.Answer.CANNOT_DECIDE:
        plan.answer, changed = Plan.Answer.AGREES, ["answer"]
    if scope == Scope.SUPPORT and plan.status == Status.PAUSED:
        plan.status, changed = Status.ACTIVE, [*changed, "status"]
    _save(plan, *changed)
    follow_plan(by=by, now=now, plan=plan)
    return consent


def _set_notes(by: Actor, now: datetime, plan: Plan, words: str) -> None:
    words = words.strip()
    if not _held(by, now, plan, Place.PLAN_NOTES, words, current=plan.staff_notes):
        plan.staff_notes = words


def _held(by: Actor, now: datetime, plan: Plan, place: str, words: str, *, current: str) -> bool:
    """Whether the words went to a second person. What stands in the plan has been through this already."""
    hits = check_words(words) if words != current else ()
    if hits:
        hold_text(by=by, now=now, prison=plan.prison, plan=plan, place=place, subject_id=None, words=words, hits=hits)
        return True
    let_go(by=by, now=now, plan=plan, place=place)
    return False


def _keep_consent(by: Actor, now: datetime, plan: Plan, scope: str, given: bool) -> Consent:
    consent: Consent = Consent.objects.create(
        prison_id=plan.prison_id, plan=plan, scope=scope, given=given, taken_at=now, taken_by=by.user
    )
    if given:
        _record(Event.CONSENT_GIVEN, by, plan, scope=scope, consent=consent.pk)
    return consent


def _begin(plan: Plan) -> list[str]:
    """The first thing written makes the wishes a draft."""
    if plan.status != Status.WISHES:
        return []
    plan.status = Status.DRAFT
    return ["status"]


def _save(plan: Plan, *fields: str) -> None:
    plan.version += 1
    plan.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, plan: Plan, **details: object) -> None:
    record(event, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, **details)
