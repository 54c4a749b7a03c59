"""Writing audit events. Called inside the action's transaction, so that neither is there without the other."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from buddyscheme.audit.context import request_id
from buddyscheme.audit.events import Event
from buddyscheme.audit.models import AuditEvent


class ActsAs(Protocol):
    """Who acts: `accounts.Actor` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def id(self) -> int | None: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def terminal_id(self) -> int | None: ...
    @property
    def window_id(self) -> int | None: ...


def record(
    event: Event,
    *,
    by: ActsAs,
    prison: str = "",
    subject: models.Model | None = None,
    person_id: int | None = None,
    **details: Any,
) -> AuditEvent:
    """Write one event. `prison` is a code; `person_id` is whose record it touches; `details` are ids and codes."""
    return AuditEvent.objects.create(**_fields(event, by, prison, subject, person_id, details))


def record_many(
    event: Event, *, by: ActsAs, prison: str, subject: models.Model | None = None, **details: Any
) -> AuditEvent:
    """One event for a change made to many rows at once; `details` says how many."""
    return record(event, by=by, prison=prison, subject=subject, **details)


def viewed(
    *, by: ActsAs, prison: str, subject: models.Model, person_id: int | None = None, **details: Any
) -> AuditEvent:
    """Somebody read a record: a person, a concern, an export, the audit itself."""
    return record(Event.VIEWED, by=by, prison=prison, subject=subject, person_id=person_id, **details)


def _fields(
    event: Event, by: ActsAs, prison: str, subject: models.Model | None, person_id: int | None, details: dict[str, Any]
) -> dict[str, Any]:
    if by.kind != "system" and by.id is None:
        raise ValueError("an audit event needs a person behind it")
    return {
        "code": event.value,
        "actor_kind": by.kind,
        "actor_id": by.id,
        "actor_roles": ",".join(by.roles)[:200],
        "prison_code": prison,
        "subject_type": subject._meta.label_lower if subject is not None else "",
        "subject_id": str(subject.pk) if subject is not None else "",
        "person_id": person_id,
        "terminal_id": by.terminal_id,
        "window_id": by.window_id,
        "request_id": request_id.get(),
        "details": details,
    }
