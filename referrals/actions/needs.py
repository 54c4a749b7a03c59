"""What people need: noted from whoever said so, confirmed by staff, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from referrals.models import Need, Referral
from referrals.rules import needs as rules
from referrals.rules.referrals import check_is_here
from schemes.models import Person
from schemes.queries.people import custody_of


@transaction.atomic
def note_needs(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    source: str,
    categories: Sequence[str],
    referral: Referral | None = None,
    words: str = "",
) -> list[Need]:
    """Note what somebody said a person needs. What the same source has said already, and runs, is left as it is."""
    wanted = [Referral.NeedArea(category) for category in dict.fromkeys(categories)]
    running = Need.objects.for_prison(prison).filter(person=person, source=Need.Source(source), ended_at__isnull=True)
    known = set(running.values_list("category", flat=True))
    rows = [
        Need(
            prison=prison,
            person=person,
            category=category,
            source=source,
            referral=referral,
            words=words.strip(),
            noted_on=london_today(now),
            noted_at=now,
            noted_by=by.user,
        )
        for category in wanted
        if category not in known
    ]
    # Two at once: what the other has just noted is noted.
    Need.objects.bulk_create(rows, ignore_conflicts=True)
    record(
        Event.NEEDS_NOTED,
        by=by,
        prison=prison.code,
        subject=referral or person,
        person_id=person.pk,
        source=source,
        needs=len(rows),
    )
    return rows


@transaction.atomic
def add_need(
    *, by: Actor, now: datetime, prison: Prison, person: Person, category: str, source: str, words: str
) -> Need:
    """Staff add one need; what they see themselves is confirmed by that."""
    check_is_here(custody_of(prison, person) is not None)
    seen = source == Need.Source.STAFF
    today = london_today(now)
    try:
        with transaction.atomic():
            need: Need = Need.objects.create(
                prison=prison,
                person=person,
                category=Referral.NeedArea(category),
                source=Need.Source(source),
                words=words.strip(),
                noted_on=today,
                noted_at=now,
                noted_by=by.user,
                confirmed_on=today if seen else None,
                confirmed_at=now if seen else None,
                confirmed_by=by.user if seen else None,
            )
    except IntegrityError as error:
        if "need_open_once" not in str(error):
            raise
        raise NotAllowed("This need is there already from the same source.", field="category") from error
    _record(Event.NEED_ADDED, by, need)
    return need


@transaction.atomic
def confirm_need(*, by: Actor, now: datetime, need: Need) -> Need:
    """Record that staff have made sure that the person needs this."""
    need = Need.objects.select_for_update().get(pk=need.pk)
    rules.check_can_confirm(need)
    need.confirmed_on, need.confirmed_at, need.confirmed_by = london_today(now), now, by.user
    need.save(update_fields=["confirmed_on", "confirmed_at", "confirmed_by"])
    _record(Event.NEED_CONFIRMED, by, need)
    return need


@transaction.atomic
def end_need(*, by: Actor, now: datetime, need: Need, ended_on: date) -> Need:
    """Record that the person needs this no longer."""
    need = Need.objects.select_for_update().get(pk=need.pk)
    rules.check_can_end(need, ended_on=ended_on, today=london_today(now))
    need.ended_on, need.ended_at, need.ended_by = ended_on, now, by.user
    need.save(update_fields=["ended_on", "ended_at", "ended_by"])
    _record(Event.NEED_ENDED, by, need)
    return need


def _record(event: Event, by: Actor, need: Need) -> None:
    record(event, by=by, prison=need.prison_id, subject=need, person_id=need.person_id, category=need.category)
