"""Saying that a change, and what it touches, has been looked at."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.models import ChangeMark


@transaction.atomic
def mark_change(*, by: Actor, now: datetime, prison: Prison, fact: str, person_id: int) -> ChangeMark:
    """Mark a change by name. A later change of the same record asks again; marking it again is the newer mark."""
    mark, _ = ChangeMark.objects.update_or_create(
        prison=prison, fact=fact, defaults={"looked_at": now, "looked_by": by.user}
    )
    record(Event.CHANGE_LOOKED_AT, by=by, prison=prison.code, subject=mark, person_id=person_id, fact=fact)
    return mark
