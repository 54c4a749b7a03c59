"""Absences, appointments and weekly work: recorded, changed, taken back. Visits follow by message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import publish
from schemes.models import Absence, Person, Source, WeeklyActivity
from schemes.queries.absences import absences_of, weekly_of
from schemes.rules import absences as rules

# Visits of the person, and those the person makes as a buddy, follow.
ABSENCE_CHANGED = "absence.changed"


@transaction.atomic
def record_absence(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    kind: str,
    starts_on: date,
    starts_session: str = "",
    ends_on: date | None = None,
    ends_session: str = "",
    source: str = Source.TYPED,
    reference: str = "",
) -> Absence:
    """Somebody is elsewhere. Court, hospital and temporary release hold the support until they are back."""
    absence = Absence(
        prison=prison,
        person=person,
        kind=kind,
        starts_on=starts_on,
        starts_session=starts_session,
        ends_on=ends_on,
        ends_session=ends_session,
        source=source,
        reference=reference,
        recorded_at=now,
        recorded_by=by.user,
    )
    rules.check_can_record(absence, today=london_today(now))
    # The person's record is held, so that two who record the same absence at once cannot both pass.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    rules.check_not_there(absences_of(prison).filter(person=person), absence)
    absence.save()
    _kept(Event.ABSENCE_RECORDED, by, absence, kind=kind, first=str(starts_on), source=source)
    return absence


@transaction.atomic
def come_back(*, by: Actor, now: datetime, absence: Absence, back_on: date, back_session: str = "") -> Absence:
    """Record from which session the person is back, or will be. Without a session: from the first of the day."""
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    rules.check_can_be_back(absence, back_on, back_session, today=london_today(now))
    absence.ends_on, absence.ends_session = rules.last_away(back_on, back_session)
    absence.changed_at, absence.changed_by = now, by.user
    absence.save(update_fields=["ends_on", "ends_session", "changed_at", "changed_by"])
    _kept(Event.ABSENCE_CHANGED, by, absence, last=str(absence.ends_on))
    return absence


@transaction.atomic
def cancel_absence(*, by: Actor, now: datetime, absence: Absence) -> Absence:
    """It does not take place, or never did. The row stays, with who took it back."""
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    rules.check_can_change(absence)
    absence.cancelled_at, absence.cancelled_by = now, by.user
    absence.save(update_fields=["cancelled_at", "cancelled_by"])
    _kept(Event.ABSENCE_CANCELLED, by, absence)
    return absence


@transaction.atomic
def record_weekly(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    kind: str,
    weekdays: Sequence[int],
    session: str,
    starts_on: date,
    ends_on: date | None = None,
    source: str = Source.TYPED,
    reference: str = "",
) -> WeeklyActivity:
    """Work or education of every week, so that visits are not planned into it unseen."""
    rules.check_weekly(kind, weekdays, session, starts_on, ends_on)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    running = weekly_of(prison).filter(person=person).exclude(ends_on__lt=starts_on)
    rules.check_weekly_not_there(running, weekdays, session)
    activity: WeeklyActivity = WeeklyActivity.objects.create(
        prison=prison,
        person=person,
        kind=kind,
        weekdays=sorted(set(weekdays)),
        session=session,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source,
        reference=reference,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.WEEKLY_RECORDED,
        by=by,
        prison=prison.code,
        subject=activity,
        person_id=person.pk,
        kind=kind,
        source=source,
    )
    return activity


@transaction.atomic
def end_weekly(*, by: Actor, now: datetime, activity: WeeklyActivity) -> WeeklyActivity:
    """The person no longer goes. The row stays, with who ended it."""
    activity = WeeklyActivity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    rules.check_can_end_weekly(activity)
    activity.ended_at, activity.ended_by = now, by.user
    activity.save(update_fields=["ended_at", "ended_by"])
    record(Event.WEEKLY_ENDED, by=by, prison=activity.prison_id, subject=activity, person_id=activity.person_id)
    return activity


def _kept(event: Event, by: Actor, absence: Absence, **details: str) -> None:
    record(event, by=by, prison=absence.prison_id, subject=absence, person_id=absence.person_id, **details)
    if absence.holds:
        publish(
            ABSENCE_CHANGED,
            prison=absence.prison_id,
            key=f"{absence.prison_id}:{absence.person_id}",
            person=absence.person_id,
        )
