"""Two prison numbers of one person become one record.

The record that is in use goes on, whichever number it had, so that plans, visits and a buddy's record stay where they
are: it takes the number that is kept, and the other record is set aside and leads to it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.outbox.publish import publish
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.actions.absences import ABSENCE_CHANGED
from schemes.actions.alerts import ALERTS_CHANGED
from schemes.actions.people import DETAILS, end_custody
from schemes.carrying import carry_alerts, carry_keep_apart
from schemes.models import Absence, Custody, KeepApart, Person, WeeklyActivity
from schemes.rules import merging as rules
from schemes.ties import ties_of


@transaction.atomic
def merge_people(*, by: Actor, now: datetime, prison: Prison, old: Person, kept: Person) -> Person:
    """Join the record of the number that goes (`old`) with that of the number that stays. Returns what goes on.

    Raises `NotAllowed` with what to end first where both records are in use here.
    """
    rows = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=[old.pk, kept.pk]).order_by("pk")}
    old, kept = rows[old.pk], rows.get(kept.pk, kept)
    old_ties, kept_ties = ties_of(prison, old), ties_of(prison, kept)
    rules.check_can_merge(old, kept, old_ties, kept_ties)
    goes_on, set_aside = (old, kept) if old_ties else (kept, old)
    with scoped(DatabaseRole.NATIONAL):
        running = Custody.objects.filter(person__in=[old, kept], ended_at__isnull=True)
        places = dict(running.values_list("person_id", "prison_id"))
    rules.check_not_elsewhere(prison, old, goes_on, set_aside, places)
    _keep_custody(by, now, prison, goes_on, set_aside)
    if goes_on is old:
        _take_number(old, kept)
    set_aside.provisional, set_aside.same_as = True, goes_on
    set_aside.save(update_fields=["prison_number", "provisional", "same_as"])
    if goes_on is old:
        goes_on.save(update_fields=["prison_number", *DETAILS])
    with scoped(DatabaseRole.NATIONAL):
        # A record between the two numbers would keep a person from themselves.
        between = KeepApart.objects.filter(Q(person=old, other=kept) | Q(person=kept, other=old), ended_at__isnull=True)
        between.update(ended_at=now, ended_by=by.user)
        carry_keep_apart(set_aside, goes_on, prison.code, by=by, now=now)
        carry_alerts(set_aside, goes_on, prison.code, by=by, now=now)
    for model in (Absence, WeeklyActivity):
        model.objects.for_prison(prison).filter(person=set_aside).update(person=goes_on)
    for person in (goes_on, set_aside):
        record(
            Event.PEOPLE_MERGED,
            by=by,
            prison=prison.code,
            subject=person,
            person_id=person.pk,
            goes_on=goes_on.pk,
            set_aside=set_aside.pk,
        )
    publish(ALERTS_CHANGED, prison=prison.code, key=prison.code)
    publish(ABSENCE_CHANGED, prison=prison.code, key=f"{prison.code}:{goes_on.pk}", person=goes_on.pk)
    return goes_on


def _keep_custody(by: Actor, now: datetime, prison: Prison, goes_on: Person, set_aside: Person) -> None:
    """One running period at this prison: that of the record that goes on, begun now where it had none."""
    running = {
        custody.person_id: custody
        for custody in Custody.objects.for_prison(prison).filter(person__in=[goes_on, set_aside], ended_at__isnull=True)
    }
    other = running.get(set_aside.pk)
    if other is None:
        return
    if goes_on.pk not in running:
        Custody.objects.create(
            prison=prison,
            person=goes_on,
            started_at=now,
            wing_id=other.wing_id,
            landing=other.landing,
            cell=other.cell,
            release_on=other.release_on,
        )
    end_custody(by=by, now=now, custody=other, reason=Custody.EndReason.OTHER)


def _take_number(goes_on: Person, set_aside: Person) -> None:
    """The record in use takes the number and the details of the one that is kept."""
    goes_on.prison_number, set_aside.prison_number = set_aside.prison_number, goes_on.prison_number
    for name in DETAILS:
        setattr(goes_on, name, getattr(set_aside, name))
