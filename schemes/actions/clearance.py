"""Clearance: each department signs in its own name; a department without an account is entered from paper."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.departments import department_name
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed, publish
from schemes.actions.buddy_steps import go_on_when_ready
from schemes.models import Buddy, Clearance
from schemes.queries.buddies import locked, recorded_by
from schemes.queries.clearance import departments_of, departments_to_ask, referred_by, signer_for
from schemes.rules import clearance as rules


@transaction.atomic
def sign_clearance(
    *,
    by: Actor,
    now: datetime,
    clearance: Clearance,
    decision: str,
    decided_on: date,
    expires_on: date | None,
    note: str = "",
) -> Clearance:
    """Sign for the signer's own department. The note is for that department only."""
    buddy, clearance, today = locked(clearance.buddy), _locked(clearance), london_today(now)
    rules.check_can_sign(
        clearance,
        buddy=buddy,
        departments=departments_of(by.user, buddy.prison, today) if by.user else frozenset(),
        signer_id=by.id,
        recorded_by=recorded_by(buddy),
        referred_by=referred_by(buddy),
    )
    rules.check_decision(decision, decided_on=decided_on, expires_on=expires_on, today=today)
    clearance.source = Clearance.Source.ACCOUNT
    clearance.note = note
    return _answer(by, now, buddy, clearance, Event.BUDDY_CLEARANCE_SIGNED, decision, decided_on, expires_on)


@transaction.atomic
def enter_paper_clearance(
    *,
    by: Actor,
    now: datetime,
    buddy: Buddy,
    department: str,
    decision: str,
    decided_on: date,
    expires_on: date | None,
    kind: str,
    written_by: str,
) -> Clearance:
    """Enter the decision of a department without an account from its dated e-mail or paper. It is marked so.

    `kind` is one of `Clearance.Paper`, `decided_on` the date on it, and `written_by` who wrote it.
    """
    buddy, today = locked(buddy), london_today(now)
    signer = signer_for(department, buddy.prison, today)
    rules.check_has_no_account(department, signer.name if signer else "")
    clearance = _asked(buddy, department)
    rules.check_still_needed(clearance, buddy)
    rules.check_decision(decision, decided_on=decided_on, expires_on=expires_on, today=today)
    rules.check_paper(kind, written_by)
    clearance.source = Clearance.Source.PAPER
    clearance.paper_kind, clearance.paper_by = kind, written_by.strip()
    return _answer(by, now, buddy, clearance, Event.BUDDY_CLEARANCE_ENTERED, decision, decided_on, expires_on)


@transaction.atomic
def ask_again(*, by: Actor, now: datetime, buddy: Buddy) -> list[Clearance]:
    """Ask those departments again whose clearance is refused, missing, lapsed or ends within 28 days."""
    buddy = locked(buddy)
    departments = departments_to_ask(buddy, london_today(now))
    if buddy.status not in Buddy.OPEN or not departments:
        raise NotAllowed("There is no clearance to ask for: every department has been asked, or its answer is in date.")
    made = Clearance.objects.bulk_create(
        Clearance(prison_id=buddy.prison_id, buddy=buddy, department=department, asked_at=now, asked_by=by.user)
        for department in departments
    )
    record(
        Event.BUDDY_CLEARANCE_ASKED,
        by=by,
        prison=buddy.prison_id,
        subject=buddy,
        person_id=buddy.person_id,
        departments=departments,
    )
    return made


def _locked(clearance: Clearance) -> Clearance:
    return Clearance.objects.select_for_update().get(pk=clearance.pk)


def _asked(buddy: Buddy, department: str) -> Clearance:
    rows = Clearance.objects.select_for_update().filter(buddy=buddy, department=department)
    clearance: Clearance | None = rows.order_by("-asked_at", "-id").first()
    if clearance is None:
        raise NotAllowed(f"{department_name(department)} has not been asked for clearance. Ask for checks first.")
    return clearance


def _answer(
    by: Actor,
    now: datetime,
    buddy: Buddy,
    clearance: Clearance,
    event: Event,
    decision: str,
    decided_on: date,
    expires_on: date | None,
) -> Clearance:
    clearance.decision = decision
    clearance.decided_on = decided_on
    clearance.expires_on = expires_on if decision == Clearance.Decision.CLEARED else None
    clearance.signed_at, clearance.signed_by = now, by.user
    clearance.save(
        update_fields=[
            "decision",
            "source",
            "paper_kind",
            "paper_by",
            "decided_on",
            "expires_on",
            "note",
            "signed_at",
            "signed_by",
        ]
    )
    record(
        event,
        by=by,
        prison=buddy.prison_id,
        subject=clearance,
        person_id=buddy.person_id,
        department=clearance.department,
        decision=decision,
    )
    # A renewal may end visits (not cleared) or bring them back, and a first one ends a wait; the figures follow.
    month_changed(buddy.prison_id, [buddy.applied_on, london_today(now)])
    if buddy.status == Buddy.Status.ACTIVE and decision == Clearance.Decision.REFUSED:
        publish("buddy.stopped", prison=buddy.prison_id, key=f"buddy:{buddy.pk}", buddy_id=buddy.pk)
    go_on_when_ready(by=by, now=now, buddy=buddy)
    return clearance
