"""Keeping two people apart. One record is two rows, one a direction, written across prisons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.references import make_token
from buddyscheme.outbox.publish import publish
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import KeepApart, Person
from schemes.rules import keep_apart as rules

# The people are in the record; the message only says that who may meet whom has changed at a prison.
KEEP_APART_CHANGED = "keep_apart.changed"


@transaction.atomic
def keep_apart(
    *, by: Actor, now: datetime, prison: Prison, person: Person, other: Person, reason: str, restriction: str
) -> KeepApart:
    """Record that two people are kept apart, both ways at once. Returns the row of `person`."""
    rules.check_reason(reason, restriction)
    pair = make_token()
    with scoped(DatabaseRole.NATIONAL):
        # The two records locked in one order, so that two people who record the pair at once cannot both pass.
        list(Person.objects.select_for_update().filter(pk__in=[person.pk, other.pk]).order_by("pk"))
        open_already = KeepApart.objects.filter(
            person__prison_number=person.prison_number,
            other__prison_number=other.prison_number,
            ended_at__isnull=True,
        ).exists()
        rules.check_can_keep_apart(person, other, open_already)
        rows = KeepApart.objects.bulk_create(
            KeepApart(
                prison=prison,
                person=one,
                other=two,
                pair=pair,
                reason=reason,
                restriction=restriction,
                recorded_at=now,
                recorded_by=by.user,
            )
            for one, two in ((person, other), (other, person))
        )
    record(
        Event.KEEP_APART_ADDED, by=by, prison=prison.code, subject=rows[0], person_id=person.pk, other_person=other.pk
    )
    publish(KEEP_APART_CHANGED, prison=prison.code, key=prison.code)
    return rows[0]


@transaction.atomic
def end_keep_apart(*, by: Actor, now: datetime, prison: Prison, pair: str, ended_at: datetime | None = None) -> None:
    """End both rows of a record, now or when it is known to have ended. The rows stay, with who ended them."""
    with scoped(DatabaseRole.NATIONAL):
        rows = list(KeepApart.objects.select_for_update().filter(pair=pair, ended_at__isnull=True).order_by("pk"))
        rules.check_can_end(len(rows))
        for row in rows:
            row.ended_at, row.ended_by = ended_at or now, by.user
            row.save(update_fields=["ended_at", "ended_by"])
    record(
        Event.KEEP_APART_ENDED,
        by=by,
        prison=prison.code,
        subject=rows[0],
        person_id=rows[0].person_id,
        other_person=rows[0].other_id,
    )
    publish(KEEP_APART_CHANGED, prison=prison.code, key=prison.code)
