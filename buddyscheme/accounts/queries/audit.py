"""Reading the audit: who did and who looked at what, with names put to the ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent


@dataclass(frozen=True)
class Line:
    """One event in words."""

    at: datetime
    who: str
    did: str
    about: str


def events_of(prison: Prison, *, code: str = "", person_id: int | None = None) -> QuerySet[AuditEvent]:
    """The prison's events, newest first; of one kind or about one person where that is asked."""
    events = AuditEvent.objects.filter(prison_code=prison.code)
    if code:
        events = events.filter(code=code)
    if person_id is not None:
        events = events.filter(person_id=person_id)
    return events.order_by("-id")


def lines(events: list[AuditEvent]) -> list[Line]:
    """Events as sentences, with one query for the names of staff."""
    staff = {event.actor_id for event in events if event.actor_kind == "staff" and event.actor_id is not None}
    names = dict(User.objects.filter(pk__in=staff).values_list("pk", "name"))
    words = dict(Event.choices)
    return [
        Line(
            at=event.at,
            who=_who(event, names),
            did=words.get(event.code, event.code),
            about=_about(event.subject_type),
        )
        for event in events
    ]


def _who(event: AuditEvent, names: dict[int, str]) -> str:
    if event.actor_kind == "staff":
        return names.get(event.actor_id or 0, "A closed account")
    if event.actor_kind == "program":
        return "A program with a key"
    return "The service itself" if event.actor_kind == "system" else "Somebody at a terminal"


def _about(subject_type: str) -> str:
    """What kind of record, in words: "assessment request" for `referrals.assessmentrequest`."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name) if subject_type else ""
    except LookupError:
        # The event outlives the kind of record that it is about.
        return subject_type.partition(".")[2]
