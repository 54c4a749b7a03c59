"""Alerts of people, and what a code means nationally and at a prison."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import publish
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from schemes.models import Alert, AlertKind, MeaningChange, Person, PrisonMeaning, Source
from schemes.queries.alerts import meaning_of
from schemes.rules import alerts as rules

# Apps above look again at whoever is matched. Whose alert it is stands in the record.
ALERTS_CHANGED = "alerts.changed"


@transaction.atomic
def record_alert(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    person: Person,
    kind: AlertKind,
    active_from: date,
    active_to: date | None = None,
    source: str = Source.TYPED,
    reference: str = "",
) -> Alert:
    """Put an alert on record. One whose last day has passed gives way to the new one."""
    today = london_today(now)
    rules.check_can_record(kind, active_from, active_to, today)
    # The person's record is held, so that two who record the same alert at once cannot both pass.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    open_already = Alert.objects.filter(person=person, kind=kind, ended_at__isnull=True).first()
    if open_already is not None and open_already.active_to is not None and open_already.active_to < today:
        open_already.ended_at, open_already.ended_by = now, by.user
        open_already.save(update_fields=["ended_at", "ended_by"])
        open_already = None
    rules.check_not_there(open_already)
    alert: Alert = Alert.objects.create(
        prison=prison,
        person=person,
        kind=kind,
        active_from=active_from,
        active_to=active_to,
        source=source,
        reference=reference,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(
        Event.ALERT_RECORDED, by=by, prison=prison.code, subject=alert, person_id=person.pk, kind=kind.pk, source=source
    )
    publish(ALERTS_CHANGED, prison=prison.code, key=prison.code)
    return alert


@transaction.atomic
def end_alert(*, by: Actor, now: datetime, prison: Prison, alert: Alert, ended_at: datetime | None = None) -> Alert:
    """End an alert, from now on or from when it is known to have ended. The row stays, with who ended it."""
    alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    rules.check_can_end(alert)
    alert.ended_at, alert.ended_by = ended_at or now, by.user
    alert.save(update_fields=["ended_at", "ended_by"])
    record(Event.ALERT_ENDED, by=by, prison=prison.code, subject=alert, person_id=alert.person_id, kind=alert.kind_id)
    publish(ALERTS_CHANGED, prison=prison.code, key=prison.code)
    return alert


@transaction.atomic
def change_meaning(
    *, by: Actor, now: datetime, kind: AlertKind, as_buddy: str, as_helped: str, reason: str, version: int
) -> MeaningChange:
    """Change what a code means nationally. Every prison looks again at its matches."""
    rules.check_meaning(as_buddy, as_helped, reason)
    with scoped(DatabaseRole.NATIONAL):
        _one_at_a_time(kind)
        rules.check_version(version, MeaningChange.objects.filter(kind=kind).count())
        row = MeaningChange.objects.create(
            kind=kind,
            as_buddy=as_buddy,
            as_helped=as_helped,
            reason=reason.strip(),
            changed_at=now,
            changed_by=by.user,
        )
        for code in Prison.objects.filter(switched_on=True, closed=False).order_by("code").values_list("pk", flat=True):
            publish(ALERTS_CHANGED, prison=code, key=code)
    # The reason stays with the change: what somebody typed is not for the audit.
    record(Event.ALERT_MEANING_CHANGED, by=by, subject=kind, as_buddy=as_buddy, as_helped=as_helped)
    return row


def _one_at_a_time(kind: AlertKind) -> None:
    """Two who change one code at once take turns: the list is not ours to lock, and a first change has no row."""
    one_at_a_time(f"alert meaning {kind.pk}")


@transaction.atomic
def change_prison_meaning(
    *, by: Actor, now: datetime, prison: Prison, kind: AlertKind, as_buddy: str, as_helped: str, reason: str,
    version: int,
) -> PrisonMeaning:  # fmt: skip
    """Give a code a meaning of the prison's own, or (empty) the national one again. No STOP is undone here."""
    rules.check_own_meaning(as_buddy, as_helped, reason)
    # One administrator at a time: the first change makes a row, so there is none to lock yet.
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)
    national = meaning_of(kind)
    rules.check_not_looser(national.as_buddy, national.as_helped, as_buddy, as_helped)
    rules.check_version(version, PrisonMeaning.objects.for_prison(prison).filter(kind=kind).count())
    row: PrisonMeaning = PrisonMeaning.objects.create(
        prison=prison,
        kind=kind,
        as_buddy=as_buddy,
        as_helped=as_helped,
        reason=reason.strip(),
        changed_at=now,
        changed_by=by.user,
    )
    record(
        Event.ALERT_MEANING_CHANGED,
        by=by,
        prison=prison.code,
        subject=row,
        kind=kind.pk,
        as_buddy=as_buddy,
        as_helped=as_helped,
    )
    publish(ALERTS_CHANGED, prison=prison.code, key=prison.code)
    return row
