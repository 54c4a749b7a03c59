"""Personal care that nobody gives: recorded on the day it is known, put to somebody, met."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from referrals.drawing import create_with_reference
from referrals.models import Plan, UnmetNeed
from referrals.queries.unmet_needs import days_touched
from referrals.rules import unmet_needs as rules
from schemes.models import Person, TaskKind
from schemes.queries.people import custody_of


@transaction.atomic
def open_unmet_need(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    task: TaskKind,
    known_on: date,
    plan: Plan | None = None,
) -> UnmetNeed:
    """Record that somebody needs personal care and does not get it. Its days are counted from `known_on`."""
    custody = custody_of(prison, person)
    same = UnmetNeed.objects.for_prison(prison).filter(person=person, task=task, met_on__isnull=True)
    today = london_today(now)
    rules.check_can_open(
        task=task,
        known_on=known_on,
        today=today,
        here_since=london_today(custody.started_at) if custody is not None else None,
        open_already=same.exists(),
    )
    try:
        need = create_with_reference(
            UnmetNeed,
            "U",
            prison=prison,
            person=person,
            plan=plan,
            task=task,
            known_on=known_on,
            opened_at=now,
            opened_by=by.user,
        )
    except IntegrityError as error:
        if "unmet_need_open_once" not in str(error):
            raise
        raise NotAllowed("This need is recorded already, and its days are being counted.", field="task") from error
    _record(Event.UNMET_NEED_OPENED, by, need)
    month_changed(prison.code, days_touched(need, today))
    return need


@transaction.atomic
def put_unmet_need(
    *, by: Actor, now: datetime, need: UnmetNeed, put_to: str, put_on: date, said: str, version: int
) -> UnmetNeed:
    """Record whom the need was put to, when, and what they said. The one before stays in the history."""
    need = UnmetNeed.objects.select_for_update().get(pk=need.pk)
    today = london_today(now)
    rules.check_can_put(need, put_to=put_to, put_on=put_on, today=today, version=version)
    need.put_to, need.put_on, need.said = put_to, put_on, said.strip()
    _save(need, "put_to", "put_on", "said")
    _record(Event.UNMET_NEED_PUT, by, need, put_to=put_to)
    month_changed(need.prison_id, days_touched(need, today))
    return need


@transaction.atomic
def meet_unmet_need(
    *, by: Actor, now: datetime, need: UnmetNeed, met_on: date, met_how: str, version: int
) -> UnmetNeed:
    """Record that the need is met. The day on which it is met is no longer counted."""
    need = UnmetNeed.objects.select_for_update().get(pk=need.pk)
    today = london_today(now)
    rules.check_can_meet(need, met_on=met_on, met_how=met_how, today=today, version=version)
    need.met_on, need.met_how = met_on, met_how.strip()
    need.met_at, need.met_by = now, by.user
    _save(need, "met_on", "met_how", "met_at", "met_by")
    _record(Event.UNMET_NEED_MET, by, need)
    month_changed(need.prison_id, days_touched(need, today))
    return need


def _save(need: UnmetNeed, *fields: str) -> None:
    need.version += 1
    need.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, need: UnmetNeed, **details: object) -> None:
    record(event, by=by, prison=need.prison_id, subject=need, person_id=need.person_id, task=need.task_id, **details)
