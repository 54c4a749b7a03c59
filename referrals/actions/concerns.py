"""Raising concerns, and what is done about them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.references import make_reference
from buddyscheme.outbox import publish
from referrals.actions.danger import say_danger
from referrals.actions.receivers import send_to_receivers
from referrals.locking import lock_concern
from referrals.models import Concern, ConcernAction, DangerCall, TerminalWindow, Visit
from referrals.queries.concerns import council_told
from referrals.rules import concerns as rules
from schemes.models import Buddy, Person
from schemes.queries.people import custody_of

DRAWS = 5
# Who looks after the buddies of whoever it is about wants to know.
CONCERN_RAISED = "concern.raised"


@transaction.atomic
def raise_concern(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    kind: str,
    happened_on: date,
    source: str,
    words: str = "",
    clock: str = "",
    about_person: Person | None = None,
    about_buddy: Buddy | None = None,
    about_staff: User | None = None,
    writer: Person | None = None,
    visit: Visit | None = None,
    window: TerminalWindow | None = None,
) -> Concern:
    """Record a concern with the moment by which somebody must act, and send it to two people.

    It counts for the month in which it happened.
    """
    if happened_on > london_today(now):
        raise NotAllowed("The day it happened cannot be in the future.", field="happened_on")
    chosen = clock or rules.clock_for(kind)
    concern = _create(
        prison=prison,
        kind=kind,
        clock=chosen,
        due_at=rules.due_at(chosen, now),
        source=source,
        words=words,
        writer=writer,
        about_person=about_person,
        about_buddy=about_buddy,
        about_staff=about_staff,
        visit=visit,
        window=window,
        happened_on=happened_on,
        raised_at=now,
        raised_by=by.user,
    )
    record.record(
        Event.CONCERN_RAISED,
        by=by,
        prison=prison.code,
        subject=concern,
        person_id=about_person.pk if about_person is not None else None,
        kind=kind,
        source=source,
    )
    if kind != Concern.Kind.TALK_TO_STAFF:
        send_to_receivers(by=by, now=now, concern=concern)
    if kind == Concern.Kind.SELF_HARM and source != Concern.Source.TERMINAL:
        # The terminal asks first whether an officer knows; who writes one down here is not asked.
        custody = custody_of(prison, about_person) if about_person is not None else None
        place = custody.wing.name if custody is not None and custody.wing is not None else ""
        say_danger(by=by, now=now, concern=concern, told=DangerCall.Told.STAFF, place=place)
    publish.publish(CONCERN_RAISED, prison=prison.code, key=f"concern:{concern.pk}", concern=concern.pk)
    _follow(concern, now, happened_on)
    return concern


@transaction.atomic
def act_on_concern(*, by: Actor, now: datetime, concern: Concern, words: str, version: int) -> ConcernAction:
    """Add what was done. The first action stops the clock and makes its author the owner, where there is none."""
    concern = lock_concern(concern, by=by)
    if concern.version != version:
        raise Stale("this concern")
    rules.check_can_act(concern)
    action: ConcernAction = ConcernAction.objects.create(
        prison_id=concern.prison_id, concern=concern, words=words, at=now, by=by.user
    )
    concern.status = Concern.Status.ACTED
    if concern.acted_at is None:
        concern.acted_at, concern.acted_by = now, by.user
        concern.owner = concern.owner or by.user
    _save(concern, "status", "acted_at", "acted_by", "owner")
    _record(Event.CONCERN_ACTION, by, concern)
    _follow(concern, now)
    return action


@transaction.atomic
def answer_note(
    *, by: Actor, now: datetime, concern: Concern, talked_on: date, words: str, version: int
) -> ConcernAction:
    """Somebody sat down with the writer of a note to the lead: what was said, and when. That closes the note."""
    concern = lock_concern(concern, by=by)
    if concern.version != version:
        raise Stale("this note")
    rules.check_can_answer_note(concern, talked_on=talked_on, today=london_today(now))
    action: ConcernAction = ConcernAction.objects.create(
        prison_id=concern.prison_id, concern=concern, words=words.strip(), at=now, by=by.user
    )
    concern.status, concern.talked_on = Concern.Status.CLOSED, talked_on
    if concern.acted_at is None:
        concern.acted_at, concern.acted_by, concern.owner = now, by.user, by.user
    if concern.writer_told_at is None:
        concern.writer_told_at, concern.writer_told_by = now, by.user
    concern.closed_at, concern.closed_by = now, by.user
    pairs = [f"{name}_{end}" for name in ("acted", "writer_told", "closed") for end in ("at", "by")]
    _save(concern, "status", "talked_on", "owner", *pairs)
    record.record(Event.NOTE_ANSWERED, by=by, prison=concern.prison_id, subject=concern, person_id=concern.writer_id)
    return action


@transaction.atomic
def tell_writer(*, by: Actor, now: datetime, concern: Concern) -> Concern:
    """The writer was told in person what came of it."""
    concern = lock_concern(concern, by=by)
    rules.check_can_tell_writer(concern)
    concern.writer_told_at, concern.writer_told_by = now, by.user
    _save(concern, "writer_told_at", "writer_told_by")
    _record(Event.CONCERN_WRITER_TOLD, by, concern)
    return concern


@transaction.atomic
def close_concern(*, by: Actor, now: datetime, concern: Concern) -> Concern:
    """Nothing more is to be done, and the writer knows."""
    concern = lock_concern(concern, by=by)
    rules.check_can_close(concern, council_told=council_told(concern))
    concern.status = Concern.Status.CLOSED
    concern.closed_at, concern.closed_by = now, by.user
    _save(concern, "status", "closed_at", "closed_by")
    _record(Event.CONCERN_CLOSED, by, concern)
    return concern


@transaction.atomic
def grade_concern(*, by: Actor, now: datetime, concern: Concern, severity: str, owner: User, version: int) -> Concern:
    """Say how grave it is and whose it is. A grave one is to be acted on today; nothing gives more time."""
    concern = lock_concern(concern, by=by)
    if concern.version != version:
        raise Stale("this concern")
    rules.check_is_open(concern)
    concern.severity, concern.owner = severity, owner
    concern.graded_at, concern.graded_by = now, by.user
    before = london_today(concern.due_at)
    concern.clock, concern.due_at = rules.shortened(concern, severity, now)
    _save(concern, "severity", "owner", "graded_at", "graded_by", "clock", "due_at")
    _record(Event.CONCERN_GRADED, by, concern)
    _follow(concern, now, before)
    return concern


def _create(**fields: object) -> Concern:
    for _ in range(DRAWS):
        try:
            with transaction.atomic():
                concern: Concern = Concern.objects.create(reference=make_reference("C"), **fields)
                return concern
        except IntegrityError as error:
            if "concern_reference_once" not in str(error):
                raise
    raise RuntimeError("no free reference was drawn")


def _follow(concern: Concern, now: datetime, *days: date) -> None:
    """The months of these days, and of the one on which somebody must have acted, if it has come."""
    changed = [*days, london_today(concern.due_at)]
    publish.month_changed(concern.prison_id, [day for day in changed if day <= london_today(now)])


def _save(concern: Concern, *fields: str) -> None:
    concern.version += 1
    concern.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, concern: Concern) -> None:
    record.record(event, by=by, prison=concern.prison_id, subject=concern, person_id=concern.about_person_id)
