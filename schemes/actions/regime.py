"""Recording that people were not unlocked."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from schemes.models import LockDown
from schemes.rules import regime as rules


@transaction.atomic
def record_lock_down(
    *, by: Actor, now: datetime, prison: Prison, day: date, wing: Wing | None = None, session: str = "", reason: str
) -> LockDown:
    """Record a lock-down of a day or a session, on one wing or (no wing) on all."""
    Prison.objects.select_for_update().get(pk=prison.pk)
    recorded = LockDown.objects.for_prison(prison).filter(day=day, wing=wing, session=session).exists()
    rules.check_can_record_lock_down(prison, day, wing, session, reason, today=london_today(now), recorded=recorded)
    lock_down: LockDown = LockDown.objects.create(
        prison=prison,
        day=day,
        wing=wing,
        session=session,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by.user,
    )
    record(Event.LOCK_DOWN_RECORDED, by=by, prison=prison.code, subject=lock_down, day=str(day), session=session)
    month_changed(prison.code, [day])
    return lock_down
