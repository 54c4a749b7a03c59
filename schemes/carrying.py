"""What goes on when one record of a person is set aside for another: part of an action, run in the national role."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.actor import Actor
from buddyscheme.lib.references import make_token
from schemes.models import Alert, KeepApart, Person


def carry_keep_apart(old: Person, new: Person, prison_code: str, *, by: Actor, now: datetime) -> None:
    """End the open records of the set-aside person and write them anew for the one that goes on."""
    already = set(KeepApart.objects.filter(person=new, ended_at__isnull=True).values_list("other_id", flat=True))
    for row in KeepApart.objects.select_for_update().filter(person=old, ended_at__isnull=True).order_by("pk"):
        KeepApart.objects.filter(pair=row.pair, ended_at__isnull=True).update(ended_at=now, ended_by=by.user)
        if row.other_id in already:
            continue
        pair = make_token()
        for one, two in ((new.pk, row.other_id), (row.other_id, new.pk)):
            KeepApart.objects.create(
                prison_id=prison_code,
                person_id=one,
                other_id=two,
                pair=pair,
                reason=row.reason,
                restriction=row.restriction,
                recorded_at=row.recorded_at,
                recorded_by_id=row.recorded_by_id,
            )


def carry_alerts(old: Person, new: Person, prison_code: str, *, by: Actor, now: datetime) -> None:
    """The same for running alerts."""
    already = set(Alert.objects.filter(person=new, ended_at__isnull=True).values_list("kind_id", flat=True))
    for row in Alert.objects.select_for_update().filter(person=old, ended_at__isnull=True).order_by("pk"):
        Alert.objects.filter(pk=row.pk).update(ended_at=now, ended_by=by.user)
        if row.kind_id in already:
            continue
        Alert.objects.create(
            prison_id=prison_code,
            person_id=new.pk,
            kind_id=row.kind_id,
            active_from=row.active_from,
            active_to=row.active_to,
            source=row.source,
            reference=row.reference,
            recorded_at=row.recorded_at,
            recorded_by_id=row.recorded_by_id,
        )
