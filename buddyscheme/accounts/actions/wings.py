"""Wings of a prison."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed


@transaction.atomic
def add_wing(*, by: Actor, now: datetime, prison: Prison, code: str, name: str, landings: int) -> Wing:
    """Add a wing by its short code, such as A or HB1."""
    code = code.strip().upper()
    if Wing.objects.filter(prison=prison, code=code).exists():
        raise NotAllowed(f"There is a wing {code} already.", field="code")
    wing = Wing.objects.create(prison=prison, code=code, name=name, landings=landings)
    record(Event.WING_ADDED, by=by, prison=prison.code, subject=wing, at=now.isoformat())
    return wing
