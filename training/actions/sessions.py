"""Planned classes: planning, changing, booking, cancelling, marking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record, record_many
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.outbox.publish import months_changed
from schemes.models import Buddy
from training.actions.results import record_marks
from training.models import Attendance, ClassPlace, ClassSession, Module, ModuleResult
from training.queries.results import locked_buddies
from training.queries.sessions import attendance_of, locked_session, places_taken, results_in
from training.rules import sessions as rules
from training.rules.results import Mark, check_all_known


@transaction.atomic
def plan_session(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    module: Module,
    held_on: date,
    starts_at: time,
    place: str,
    places: int,
    trainer: User,
) -> ClassSession:
    """Plan a class. One of the last four weeks may be planned too, so that a held one can be marked."""
    _check_visible(module, prison)
    rules.check_can_plan(module, held_on=held_on, starts_at=starts_at, places=places, today=london_today(now))
    session: ClassSession = ClassSession.objects.create(
        prison=prison,
        module=module,
        held_on=held_on,
        starts_at=starts_at,
        place=place,
        places=places,
        trainer=trainer,
        planned_at=now,
        planned_by=by.user,
    )
    record(Event.CLASS_PLANNED, by=by, prison=prison.code, subject=session, module=module.code)
    return session


@transaction.atomic
def change_session(
    *,
    by: Actor,
    now: datetime,
    session: ClassSession,
    held_on: date,
    starts_at: time,
    place: str,
    places: int,
    trainer: User,
    version: int,
) -> ClassSession:
    """Move a planned class, or give it more or fewer places; never fewer than are taken."""
    session = _current(session, version)
    today = london_today(now)
    rules.check_can_change(session, places=places, taken=places_taken(session).count())
    rules.check_can_plan(session.module, held_on=held_on, starts_at=starts_at, places=places, today=today)
    session.held_on, session.starts_at, session.place = held_on, starts_at, place
    session.places, session.trainer, session.version = places, trainer, session.version + 1
    session.save(update_fields=["held_on", "starts_at", "place", "places", "trainer", "version"])
    record(Event.CLASS_CHANGED, by=by, prison=session.prison_id, subject=session)
    return session


@transaction.atomic
def book_people(
    *, by: Actor, now: datetime, session: ClassSession, buddies: Sequence[Buddy], version: int
) -> ClassSession:
    """Make these people the ones who are booked: new ones get a place, those no longer named give theirs up.

    Raises `NotAllowed` when they are more than the class has places.
    """
    session = _current(session, version)
    wanted = locked_buddies(session.prison, [buddy.pk for buddy in buddies])
    check_all_known(wanted, len(buddies))
    rules.check_can_book(session, wanted=list(wanted.values()))
    taken = {place.buddy_id: place for place in places_taken(session)}
    freed = [place.pk for pk, place in taken.items() if pk not in wanted]
    ClassPlace.objects.filter(pk__in=freed).update(freed_at=now, freed_by=by.user)
    added = [buddy for pk, buddy in wanted.items() if pk not in taken]
    _book(by, now, session, added)
    session.version += 1
    session.save(update_fields=["version"])
    record_many(
        Event.CLASS_BOOKED,
        by=by,
        prison=session.prison_id,
        subject=session,
        people=[buddy.person_id for buddy in added],
        freed=[taken[pk].person_id for pk in taken if pk not in wanted],
    )
    return session


@transaction.atomic
def cancel_session(*, by: Actor, now: datetime, session: ClassSession, reason: str) -> ClassSession:
    """Cancel a planned class. Who was booked stays in the record."""
    session = locked_session(session)
    rules.check_can_cancel(session, reason=reason)
    session.status = ClassSession.Status.CANCELLED
    session.cancelled_at, session.cancelled_by, session.cancel_reason = now, by.user, reason
    session.version += 1
    session.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason", "version"])
    record(Event.CLASS_CANCELLED, by=by, prison=session.prison_id, subject=session)
    return session


@transaction.atomic
def mark_session(*, by: Actor, now: datetime, session: ClassSession, marks: Sequence[Mark]) -> ClassSession:
    """Record who was there and what each achieved, for the whole class at once.

    Marked again, only what differs is added, as corrections. Somebody without a place who was there gets one,
    while there are any. A result of somebody who turns out not to have been there is taken back.
    """
    session = locked_session(session)
    rules.check_can_mark(session, now=now)
    if not marks:
        raise NotAllowed("Nobody is booked. Book the people of this class first.")
    buddies = locked_buddies(session.prison, [mark.buddy.pk for mark in marks])
    check_all_known(buddies, len(marks))
    booked = set(places_taken(session).values_list("buddy_id", flat=True))
    walk_ins = [buddies[mark.buddy.pk] for mark in marks if mark.there and mark.buddy.pk not in booked]
    rules.check_walk_ins(session, booked=len(booked), more=walk_ins)
    _book(by, now, session, walk_ins)
    known = attendance_of(session)
    news = [mark for mark in marks if known.get(mark.buddy.pk) is not mark.there]
    Attendance.objects.bulk_create(
        Attendance(
            prison=session.prison,
            session=session,
            buddy=buddies[mark.buddy.pk],
            person_id=buddies[mark.buddy.pk].person_id,
            there=mark.there,
            recorded_at=now,
            recorded_by=by.user,
        )
        for mark in news
    )
    before = results_in(session, buddies)
    there = [mark for mark in marks if mark.there]
    new = [mark for mark in there if rules.differs(mark, before.get(mark.buddy.pk))]
    if new:
        record_marks(
            by=by, now=now, prison=session.prison, module=session.module, assessed_on=session.held_on, marks=new,
            session=session, replaced=before,
        )  # fmt: skip
    absent = {mark.buddy.pk for mark in marks if not mark.there}
    _take_back(by, now, [result for pk, result in before.items() if pk in absent])
    if session.status != ClassSession.Status.HELD:
        session.status, session.marked_at, session.marked_by = ClassSession.Status.HELD, now, by.user
    session.version += 1
    session.save(update_fields=["status", "marked_at", "marked_by", "version"])
    record_many(
        Event.CLASS_MARKED, by=by, prison=session.prison_id, subject=session, there=len(there), absent=len(absent),
        changed=len(news), results=len(new),
    )  # fmt: skip
    months_changed(session.prison_id, session.held_on, london_today(now))
    return session


def _book(by: Actor, now: datetime, session: ClassSession, buddies: Sequence[Buddy]) -> None:
    ClassPlace.objects.bulk_create(
        ClassPlace(
            prison=session.prison,
            session=session,
            buddy=buddy,
            person_id=buddy.person_id,
            booked_at=now,
            booked_by=by.user,
        )
        for buddy in buddies
    )


def _take_back(by: Actor, now: datetime, results: Sequence[ModuleResult]) -> None:
    ModuleResult.objects.bulk_create(
        ModuleResult(
            prison_id=result.prison_id,
            buddy_id=result.buddy_id,
            person_id=result.person_id,
            module_id=result.module_id,
            outcome=ModuleResult.Outcome.VOID,
            assessed_on=result.assessed_on,
            recorded_at=now,
            recorded_by=by.user,
            session_id=result.session_id,
            replaces=result,
        )
        for result in results
        if result.outcome != ModuleResult.Outcome.VOID
    )


def _current(session: ClassSession, version: int) -> ClassSession:
    found = locked_session(session)
    if found.version != version:
        raise Stale("this class")
    return found


def _check_visible(module: Module, prison: Prison) -> None:
    if module.prison_id not in (None, prison.pk):
        raise NotAllowed("This module is of another prison. Choose another module.", field="module")
