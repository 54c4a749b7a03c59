"""The register of informal help: entered, filled in, looked at, turned into something that is safe, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from referrals.drawing import create_with_reference
from referrals.models import Concern, InformalHelp, Referral
from referrals.rules import informal_help as rules
from schemes.models import Buddy, Person
from schemes.queries.people import custody_of

Status = InformalHelp.Status


@transaction.atomic
def record_help(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    how_known: str,
    helper: Person | None = None,
    kinds: Sequence[str] = (),
    since_on: date | None = None,
    said_in: Referral | None = None,
) -> InformalHelp:
    """Enter that somebody is helped by another prisoner. Never evidence for discipline; every reader is recorded."""
    rules.check_can_record(
        here=custody_of(prison, person) is not None,
        same=helper is not None and helper.pk == person.pk,
        since_on=since_on,
        today=london_today(now),
    )
    entry = create_with_reference(
        InformalHelp,
        "H",
        prison=prison,
        person=person,
        helper=helper,
        kinds=[Referral.NeedArea(kind) for kind in kinds],
        since_on=since_on,
        how_known=InformalHelp.HowKnown(how_known),
        said_in=said_in,
        noted_at=now,
        noted_by=by.user,
    )
    _record(Event.INFORMAL_HELP_RECORDED, by, entry, how=how_known)
    month_changed(prison.code, [london_today(now)])
    return entry


@transaction.atomic
def help_was_mentioned(
    *, by: Actor, now: datetime, prison: Prison, person: Person, how_known: str, said_in: Referral | None = None
) -> InformalHelp | None:
    """Enter what a referral or a review says in one word; where an entry of the person is open already, that one
    stands for it.
    """
    running = InformalHelp.objects.for_prison(prison).filter(person=person)
    if running.exclude(status=Status.ENDED).exists():
        record(Event.INFORMAL_HELP_MENTIONED, by=by, prison=prison.code, subject=said_in or person, person_id=person.pk)
        return None
    entry: InformalHelp = record_help(
        by=by, now=now, prison=prison, person=person, how_known=how_known, said_in=said_in
    )
    return entry


@transaction.atomic
def fill_in_help(
    *,
    by: Actor,
    now: datetime,
    entry: InformalHelp,
    helper: Person | None,
    kinds: Sequence[str],
    since_on: date | None,
    version: int,
) -> InformalHelp:
    """Add who helps, with what and since when, as far as it is known. What stood before is in the history."""
    entry = _locked(entry)
    rules.check_can_change(entry, version=version)
    rules.check_can_record(
        here=True,
        same=helper is not None and helper.pk == entry.person_id,
        since_on=since_on,
        today=london_today(now),
    )
    entry.helper, entry.kinds, entry.since_on = helper, [Referral.NeedArea(kind) for kind in kinds], since_on
    _save(entry, "helper", "kinds", "since_on")
    _record(Event.INFORMAL_HELP_CHANGED, by, entry)
    return entry


@transaction.atomic
def look_at_help(*, by: Actor, now: datetime, entry: InformalHelp) -> InformalHelp:
    """Record that somebody has looked at an entry and that it may stand as it is."""
    entry = _locked(entry)
    rules.check_can_look(entry)
    _look(entry, by, now)
    _save(entry)
    _record(Event.INFORMAL_HELP_LOOKED_AT, by, entry)
    return entry


@transaction.atomic
def turn_help(
    *,
    by: Actor,
    now: datetime,
    entry: InformalHelp,
    version: int,
    referral: Referral | None = None,
    application: Buddy | None = None,
    concern: Concern | None = None,
) -> InformalHelp:
    """Record what an entry became: one of a referral, an application of whoever helps, or a concern."""
    entry = _locked(entry)
    into = Status.REFERRED if referral else Status.APPLIED if application else Status.CONCERN
    rules.check_can_turn(entry, into, version=version)
    entry.referral = referral or entry.referral
    entry.application = application or entry.application
    entry.concern = concern or entry.concern
    entry.status = into
    _look(entry, by, now)
    _close(entry, by, now)
    _save(entry, "referral", "application", "concern", "status", "closed_at", "closed_by")
    month_changed(entry.prison_id, [london_today(now)])
    _record(Event.INFORMAL_HELP_TURNED, by, entry, into=into)
    return entry


@transaction.atomic
def end_help(*, by: Actor, now: datetime, entry: InformalHelp, reason: str, version: int) -> InformalHelp:
    """Record that the help has ended, or has been replaced."""
    entry = _locked(entry)
    rules.check_can_end(entry, reason=reason, version=version)
    entry.status, entry.end_reason = Status.ENDED, reason.strip()
    _look(entry, by, now)
    _close(entry, by, now)
    _save(entry, "status", "end_reason", "closed_at", "closed_by")
    month_changed(entry.prison_id, [london_today(now)])
    _record(Event.INFORMAL_HELP_ENDED, by, entry)
    return entry


def _locked(entry: InformalHelp) -> InformalHelp:
    rows = InformalHelp.objects.select_for_update(of=("self",)).select_related("prison", "person", "helper")
    found: InformalHelp = rows.get(pk=entry.pk)
    return found


def _look(entry: InformalHelp, by: Actor, now: datetime) -> None:
    if entry.looked_at is None:
        entry.looked_at, entry.looked_by = now, by.user


def _close(entry: InformalHelp, by: Actor, now: datetime) -> None:
    if entry.closed_at is None:
        entry.closed_at, entry.closed_by = now, by.user


def _save(entry: InformalHelp, *fields: str) -> None:
    entry.version += 1
    entry.save(update_fields=[*fields, "looked_at", "looked_by", "version"])


def _record(event: Event, by: Actor, entry: InformalHelp, **details: object) -> None:
    record(event, by=by, prison=entry.prison_id, subject=entry, person_id=entry.person_id, **details)
