"""Events that were read, and the facts they are held to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, JSONField, QuerySet, Value

from buddyscheme.accounts.models import Prison
from schemes.event_file import ReadEvent
from schemes.models import Alert, AlertKind, DirectoryEvent, EventFile, KeepApart, Person

PATH: dict[str, Any] = {
    "template": "%(function)s(%(expressions)s::jsonpath)",
    "output_field": JSONField(),
}
LOOK = DirectoryEvent.Outcome.LOOK


def is_stored(prison: Prison, event: ReadEvent) -> bool:
    """Whether this very event was read before."""
    rows: QuerySet[DirectoryEvent] = DirectoryEvent.objects.for_prison(prison)
    return rows.filter(event_type=event.type, occurred_at=event.occurred_at, identity=event.identity).exists()


def newer(prison: Prison, person: Person, event: ReadEvent, types: Iterable[str], *, same: bool = False) -> bool:
    """Whether a later event of these types is known about the person; with `same` about the same record."""
    rows: QuerySet[DirectoryEvent] = DirectoryEvent.objects.for_prison(prison)
    which = {"identity": event.identity} if same else {"person": person}
    # What waits for somebody to look at it was not followed.
    followed = rows.filter(event_type__in=list(types), occurred_at__gt=event.occurred_at, **which)
    return followed.exclude(outcome=LOOK).exists()


def later_codes(prison: Prison, person: Person, event: ReadEvent) -> set[str] | None:
    """Codes of which a later change of the same type was read; nothing where one does not say which it changed."""
    rows: QuerySet[DirectoryEvent] = DirectoryEvent.objects.for_prison(prison)
    later = rows.filter(event_type=event.type, occurred_at__gt=event.occurred_at, person=person)
    named = [identity.partition(":")[2] for identity in later.values_list("identity", flat=True)]
    return {code for codes in named for code in codes.split(",")} if all(named) else None


def stored(prison: Prison, identity: str, types: Iterable[str]) -> DirectoryEvent | None:
    """The newest event of these types about one record."""
    rows: QuerySet[DirectoryEvent] = DirectoryEvent.objects.for_prison(prison)
    return rows.filter(event_type__in=list(types), identity=identity).order_by("-occurred_at", "-id").first()


def kind_by_code(code: str) -> AlertKind | None:
    """An alert of the list that is in use."""
    return AlertKind.objects.filter(code=code, active=True).first()


def open_alert(person: Person, kind: AlertKind) -> Alert | None:
    """The person's alert of this kind that nobody ended."""
    return Alert.objects.filter(person=person, kind=kind, ended_at__isnull=True).first()


def ended_after(person: Person, kind: AlertKind, moment: datetime) -> bool:
    """Whether such an alert ended after the moment, by whomever, and none runs."""
    rows = Alert.objects.filter(person=person, kind=kind, ended_at__gt=moment)
    return rows.exists() and open_alert(person, kind) is None


def alert_by(person: Person, reference: str, code: str) -> Alert | None:
    """The open alert that has this id where it comes from, else the one of this code that has no other id."""
    rows: QuerySet[Alert] = Alert.objects.filter(person=person, ended_at__isnull=True).select_related("kind")
    by_id = rows.filter(reference=reference).first() if reference else None
    return by_id or rows.filter(kind=code, **({"reference": ""} if reference else {})).first()


def open_pair(one: Person, other: Person) -> KeepApart | None:
    """The open keep-apart record of these two, by the row of the first."""
    return KeepApart.objects.filter(person=one, other=other, ended_at__isnull=True).first()


def pair_ended_after(one: Person, other: Person, moment: datetime) -> bool:
    """Whether the keep-apart record of these two ended after the moment, by whomever."""
    return KeepApart.objects.filter(person=one, other=other, ended_at__gt=moment).exists()


def files(prison: Prison) -> QuerySet[EventFile]:
    """Files that were read, newest first, with `all_lines` and `look_lines` counted, and without the lines."""
    rows: QuerySet[EventFile] = EventFile.objects.for_prison(prison)
    look = Func(F("lines"), Value(f'$[*] ? (@.outcome == "{LOOK}")'), function="jsonb_path_query_array", **PATH)
    counted = rows.annotate(all_lines=_length(F("lines")), look_lines=_length(look))
    return counted.defer("lines").select_related("read_by").order_by("-read_at", "-id")


def _length(listed: Any) -> Any:
    return Func(listed, function="jsonb_array_length", output_field=IntegerField())


def to_look_at(prison: Prison) -> QuerySet[DirectoryEvent]:
    """Events that could not be followed by themselves and that nobody has looked at, oldest first."""
    rows: QuerySet[DirectoryEvent] = DirectoryEvent.objects.for_prison(prison)
    return rows.filter(outcome=LOOK, looked_at__isnull=True).select_related("person").order_by("occurred_at", "id")
