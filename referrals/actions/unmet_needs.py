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
from referrals.models import Plan, UnmetNeed, UnmetNeedAnswer, UnmetNeedPut
from referrals.queries.unmet_needs import days_touched
from referrals.rules import unmet_needs as rules
from schemes.models import Custody, Person, TaskKind
from schemes.queries.people import custody_of, is_back


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
    same = UnmetNeed.objects.for_prison(prison).filter(
        person=person, task=task, met_on__isnull=True, left_on__isnull=True
    )
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
    *,
    by: Actor,
    now: datetime,
    need: UnmetNeed,
    to: str,
    department: str = "",
    put_on: date,
    said: str = "",
    by_letter: bool = False,
    version: int,
) -> UnmetNeedPut:
    """Log whom the need was put to and when, with what they said if they said it at once. Nothing logged changes."""
    need = UnmetNeed.objects.select_for_update().get(pk=need.pk)
    today = london_today(now)
    rules.check_can_put(need, to=to, department=department, put_on=put_on, today=today, version=version)
    put: UnmetNeedPut = UnmetNeedPut.objects.create(
        prison_id=need.prison_id,
        need=need,
        to=to,
        department=department.strip() if to == UnmetNeedPut.To.DEPARTMENT else "",
        put_on=put_on,
        by_letter=by_letter,
        put_at=now,
        put_by=by.user,
    )
    if said.strip():
        _say(by, now, put, put_on, said)
    _save(need)
    _record(Event.UNMET_NEED_PUT, by, need, to=to, by_letter=by_letter)
    month_changed(need.prison_id, days_touched(need, today))
    return put


@transaction.atomic
def answer_unmet_need(*, by: Actor, now: datetime, put: UnmetNeedPut, answered_on: date, said: str) -> UnmetNeedAnswer:
    """Log what somebody said to whom the need was put, also after it was met."""
    UnmetNeed.objects.select_for_update().get(pk=put.need_id)
    rules.check_can_answer(put, answered_on=answered_on, said=said, today=london_today(now))
    answer = _say(by, now, put, answered_on, said)
    _record(Event.UNMET_NEED_ANSWERED, by, put.need, to=put.to)
    return answer


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


@transaction.atomic
def leave_unmet_needs(*, by: Actor, now: datetime, custody: Custody) -> int:
    """Somebody has left: their open needs here are no longer counted from that day. Returns how many.

    Safe to run twice; does nothing where the person is back.
    """
    if custody.ended_at is None or is_back(custody):
        return 0
    left_on = london_today(custody.ended_at)
    rows = UnmetNeed.objects.for_prison(custody.prison_id).filter(
        person=custody.person_id, met_on__isnull=True, left_on__isnull=True, known_on__lte=left_on
    )
    needs = list(rows.select_for_update().order_by("id"))
    for need in needs:
        need.left_on = left_on
        _save(need, "left_on")
        _record(Event.UNMET_NEED_LEFT, by, need)
        month_changed(need.prison_id, days_touched(need, london_today(now)))
    return len(needs)


def _say(by: Actor, now: datetime, put: UnmetNeedPut, answered_on: date, said: str) -> UnmetNeedAnswer:
    answer: UnmetNeedAnswer = UnmetNeedAnswer.objects.create(
        prison_id=put.prison_id,
        put=put,
        answered_on=answered_on,
        said=said.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    return answer


def _save(need: UnmetNeed, *fields: str) -> None:
    need.version += 1
    need.save(update_fields=[*fields, "version"])


def _record(event: Event, by: Actor, need: UnmetNeed, **details: object) -> None:
    record(event, by=by, prison=need.prison_id, subject=need, person_id=need.person_id, task=need.task_id, **details)
