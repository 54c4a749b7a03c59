"""The life of a buddy, from application to leaving. Clearance and take-over have modules of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.references import make_reference
from buddyscheme.outbox.publish import month_changed
from schemes.actions.buddy_steps import take_step
from schemes.actions.interviews import criteria_row
from schemes.actions.refusals import refuse
from schemes.actions.suspensions import end_suspension
from schemes.models import (
    Buddy,
    BuddyStep,
    Clearance,
    CompactFormat,
    CompactSignature,
    CompactText,
    Interview,
    Person,
    Post,
)
from schemes.post_places import take_place
from schemes.queries.buddies import last_interview, locked, open_record_of, standing_of
from schemes.queries.caps import quietest_rest_day
from schemes.queries.interviews import open_sheets
from schemes.queries.people import custody_of
from schemes.queries.schemes import scheme_of
from schemes.rules import buddies as rules
from schemes.rules.interviews import check_can_agree
from schemes.rules.posts import AS_APPLIED, Unsaid, check_can_answer
from schemes.rules.refusals import Telling

S = Buddy.Status


@transaction.atomic
def apply_for_role(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    applied_on: date,
    statement: str = "",
    needed_help: bool = False,
    adjustments: str = "",
    post: Post | None = None,
    why: Sequence[str] = (),
    easier: Sequence[str] = (),
) -> Buddy:
    """Record an application of somebody held here. Raises `NotAllowed` for a second open record.

    `why` and `easier` are what was chosen at a terminal, where `by` is the person; staff write `statement` and
    `adjustments`. `post` is the advert that the application answers, if any.
    """
    _check_own(by, person.pk)
    _lock_person(person)
    rules.check_can_apply(
        held_here=custody_of(prison, person) is not None,
        open_record=open_record_of(prison, person),
        applied_on=applied_on,
        today=london_today(now),
        says_why=bool(statement.strip() or why),
    )
    if post is not None:
        check_can_answer(post, london_today(now))
    buddy = _open_record(
        prison,
        person,
        Buddy.Source.APPLICATION,
        applied_on,
        statement=statement,
        needed_help_to_apply=needed_help,
        adjustments=adjustments,
        post=post,
        why=list(why),
        easier=list(easier),
        channel=Buddy.Channel.TERMINAL if by.kind == "person" else Buddy.Channel.STAFF,
    )
    _first_step(by, now, buddy, reason="")
    record(Event.BUDDY_APPLIED, by=by, prison=prison.code, subject=buddy, person_id=person.pk)
    return buddy


@transaction.atomic
def begin_take_over(
    *, by: Actor, now: datetime, prison: Prison, person: Person, in_role_since: date, reason: str
) -> Buddy:
    """The record of somebody who already does the job, in checks, with every department asked. Called by take-overs."""
    today = london_today(now)
    buddy = _open_record(prison, person, Buddy.Source.TAKE_OVER, today, in_role_since=in_role_since)
    _first_step(by, now, buddy, reason=f"Take-over asked for: {reason}"[:500])
    _ask_departments(by, now, buddy)
    record(Event.BUDDY_CHECKS_STARTED, by=by, prison=prison.code, subject=buddy, person_id=person.pk)
    return buddy


@transaction.atomic
def ask_for_checks(*, by: Actor, now: datetime, buddy: Buddy) -> Buddy:
    """Ask every department of the scheme for clearance."""
    buddy = locked(buddy)
    rules.check_can_become(buddy, S.CHECKS)
    if not buddy.scheme.departments:
        raise NotAllowed("The scheme names no department. Choose at least one before you ask for checks.")
    _ask_departments(by, now, buddy)
    return take_step(by=by, now=now, buddy=buddy, to=S.CHECKS, event=Event.BUDDY_CHECKS_STARTED)


@transaction.atomic
def record_interview(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    held_on: date,
    panel: str,
    result: str,
    notes: str = "",
    adjustments_made: str = "",
) -> Interview:
    """Record an interview with its agreed result. The offer, or the refusal, is a step of its own.

    Scores that two people gave apart come first where the scheme asks for them; they are kept with the interview.
    """
    buddy = locked(buddy)
    rules.check_can_record_interview(buddy, held_on=held_on, panel=panel, today=london_today(now))
    sheets = open_sheets(buddy)
    check_can_agree(two_scores=buddy.scheme.two_scores, sheets=sheets)
    criteria = sheets[0].criteria if sheets else criteria_row(by=by, now=now, scheme=buddy.scheme)
    interview: Interview = Interview.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        held_on=held_on,
        panel=panel,
        result=Interview.Result(result),
        notes=notes,
        adjustments_made=adjustments_made,
        criteria=criteria,
        recorded_at=now,
        recorded_by=by.user,
    )
    buddy.score_sheets.filter(pk__in=[sheet.pk for sheet in sheets]).update(interview=interview)
    record(
        Event.BUDDY_INTERVIEWED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        interview=interview.pk,
        result=result,
    )
    month_changed(buddy.prison_id, [held_on])
    return interview


@transaction.atomic
def approve_applicant(*, by: Actor, now: datetime, buddy: Buddy) -> Buddy:
    """Put somebody who was found suitable into the approved pool, to wait for a place without an offer."""
    buddy = locked(buddy)
    rules.check_can_approve(buddy, interview=last_interview(buddy))
    return take_step(by=by, now=now, buddy=buddy, to=S.APPROVED, event=Event.BUDDY_APPROVED)


@transaction.atomic
def offer_role(*, by: Actor, now: datetime, buddy: Buddy) -> Buddy:
    """Record that the role was offered and accepted: training begins. An offer turned down is a withdrawal."""
    buddy = locked(buddy)
    rules.check_can_offer(buddy, interview=last_interview(buddy))
    buddy = take_step(by=by, now=now, buddy=buddy, to=S.OFFERED, event=Event.BUDDY_OFFERED)
    return take_step(
        by=by, now=now, buddy=buddy, to=S.IN_TRAINING, event=Event.BUDDY_OFFERED, reason="Accepted the offer"
    )


@transaction.atomic
def record_compact(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    text: CompactText,
    signed_on: date,
    read_aloud: bool,
    format: str = CompactFormat.ENGLISH,
) -> CompactSignature:
    """Record a compact signed on paper, in which format it was read; who records it is the witness."""
    buddy = locked(buddy)
    rules.check_can_record_compact(
        buddy,
        version=text.version,
        signed=set(buddy.compacts.values_list("text_id", flat=True)),
        signed_on=signed_on,
        today=london_today(now),
    )
    signature = CompactSignature.objects.create(
        prison_id=buddy.prison_id,
        buddy=buddy,
        text=text,
        signed_on=signed_on,
        format=CompactFormat(format),
        read_aloud=read_aloud,
        witnessed_by=by.user,
        witnessed_at=now,
    )
    record(
        Event.COMPACT_SIGNED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        version=text.version,
        format=signature.format,
    )
    return signature


@transaction.atomic
def activate(
    *, by: Actor, now: datetime, buddy: Buddy, started_on: date, post: Post | Unsaid | None = AS_APPLIED
) -> Buddy:
    """Start the buddy: the lower half of the gate. `training.actions.appointments.appoint` is the way in.

    `post` is the post to fill, or None for none; where nothing is said, the one that the application answered.
    """
    buddy = locked(buddy)
    stands = standing_of(buddy, london_today(now))
    rules.check_can_start(
        buddy,
        cleared=stands.cleared,
        compact=stands.compact_holds,
        cleared_on=stands.cleared_on,
        started_on=started_on,
        today=london_today(now),
    )
    fills = buddy.post if isinstance(post, Unsaid) else post
    if fills is not None:
        fills = take_place(fills, buddy)
    return take_step(
        by=by,
        now=now,
        buddy=buddy,
        to=S.ACTIVE,
        event=Event.BUDDY_APPOINTED,
        started_on=started_on,
        post=fills,
        rest_day=quietest_rest_day(buddy.prison_id),
    )


@transaction.atomic
def decline(*, by: Actor, now: datetime, buddy: Buddy, reason: str, telling: Telling | None = None) -> Buddy:
    """Refuse an application, with the reason in words that the person reads, and how they were told if they were."""
    rules.check_reason(reason, of="declining")
    before = locked(buddy).status
    buddy = _close(by, now, buddy, S.DECLINED, Event.BUDDY_DECLINED, reason)
    refuse(by=by, now=now, buddy=buddy, old_status=before, reason=reason, telling=telling)
    return buddy


@transaction.atomic
def withdraw(*, by: Actor, now: datetime, buddy: Buddy, reason: str = "") -> Buddy:
    """The person withdraws, at any time before starting. Needs no reason."""
    _check_own(by, buddy.person_id)
    return _close(by, now, buddy, S.WITHDRAWN, Event.BUDDY_WITHDREW, reason)


@transaction.atomic
def suspend(*, by: Actor, now: datetime, buddy: Buddy, reason: str) -> Buddy:
    """Stop a buddy for now. Visits stop at once."""
    rules.check_reason(reason, of="suspending")
    return take_step(by=by, now=now, buddy=locked(buddy), to=S.SUSPENDED, event=Event.BUDDY_SUSPENDED, reason=reason)


@transaction.atomic
def reinstate(*, by: Actor, now: datetime, buddy: Buddy, reason: str) -> Buddy:
    """Bring a suspended buddy back, with clearance in date."""
    buddy = locked(buddy)
    rules.check_can_reinstate(buddy, cleared=standing_of(buddy, london_today(now)).cleared)
    rules.check_reason(reason, of="reinstating")
    end_suspension(by=by, now=now, buddy=buddy)
    return take_step(by=by, now=now, buddy=buddy, to=S.ACTIVE, event=Event.BUDDY_REINSTATED, reason=reason)


@transaction.atomic
def leave_role(*, by: Actor, now: datetime, buddy: Buddy, reason: str, removed: bool = False) -> Buddy:
    """The buddy leaves, or is removed. Visits stop at once."""
    rules.check_reason(reason, of="removing the buddy" if removed else "leaving")
    to, event = (S.REMOVED, Event.BUDDY_REMOVED) if removed else (S.LEFT, Event.BUDDY_LEFT)
    end_suspension(by=by, now=now, buddy=buddy)
    return _close(by, now, buddy, to, event, reason)


@transaction.atomic
def end_open_record(*, by: Actor, now: datetime, prison: Prison, person: Person, reason: str) -> Buddy | None:
    """The person has left the prison: an application counts as withdrawn, a buddy has left. Called by `end_custody`."""
    # An application that is being recorded at this moment is waited for, and then ended too.
    _lock_person(person)
    buddy = open_record_of(prison, person)
    if buddy is None:
        return None
    if buddy.status in rules.BEFORE_START:
        return withdraw(by=by, now=now, buddy=buddy, reason=reason)
    return leave_role(by=by, now=now, buddy=buddy, reason=reason)


def _check_own(by: Actor, person_id: int) -> None:
    # A mistake of ours if it ever happens, but never one that touches somebody else's record.
    if by.kind == "person" and by.id != person_id:
        raise NotAllowed("At a terminal a person applies and withdraws for themselves only.")


def _lock_person(person: Person) -> None:
    # Two applications at once for one person: the second waits here and then finds the first.
    Person.objects.select_for_update().get(pk=person.pk)


def _open_record(prison: Prison, person: Person, source: str, applied_on: date, **facts: Any) -> Buddy:
    scheme = scheme_of(prison)
    if scheme is None:
        raise NotAllowed("Set up the scheme of this prison before you bring in buddies.")
    return Buddy.objects.create(
        prison=prison,
        scheme=scheme,
        person=person,
        reference=_new_reference(prison),
        status=rules.FIRST_STATUS[source],
        source=source,
        applied_on=applied_on,
        capacity=scheme.capacity,
        weekly_minutes=scheme.weekly_minutes,
        days_in_row=scheme.days_in_row,
        **facts,
    )


def _new_reference(prison: Prison) -> str:
    reference = make_reference("B")
    while Buddy.objects.for_prison(prison).filter(reference=reference).exists():
        reference = make_reference("B")
    return reference


def _first_step(by: Actor, now: datetime, buddy: Buddy, *, reason: str) -> None:
    BuddyStep.objects.create(
        prison_id=buddy.prison_id, buddy=buddy, new_status=buddy.status, at=now, reason=reason, **BuddyStep.taken_by(by)
    )
    month_changed(buddy.prison_id, [buddy.applied_on, london_today(now)])


def _ask_departments(by: Actor, now: datetime, buddy: Buddy) -> None:
    Clearance.objects.bulk_create(
        Clearance(prison_id=buddy.prison_id, buddy=buddy, department=department, asked_at=now, asked_by=by.user)
        for department in buddy.scheme.departments
    )


def _close(by: Actor, now: datetime, buddy: Buddy, to: str, event: Event, reason: str) -> Buddy:
    return take_step(
        by=by,
        now=now,
        buddy=locked(buddy),
        to=to,
        event=event,
        reason=reason[:500],
        ended_on=london_today(now),
        end_reason=reason[:200],
    )
