"""The end of a suspension, however it comes: reinstated, removed, left, or gone from the prison."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from schemes.models import Buddy, StandDown
from schemes.queries.stand_downs import running_suspension


@transaction.atomic
def end_suspension(*, by: Actor, now: datetime, buddy: Buddy) -> StandDown | None:
    """Close the running suspension's record, if there is one. Called by whatever ends it."""
    found = running_suspension(buddy)
    if found is None:
        return None
    found.ended_on, found.ended_at, found.ended_by = london_today(now), now, by.user
    found.version += 1
    found.save(update_fields=["ended_on", "ended_at", "ended_by", "version"])
    record(Event.STAND_DOWN_ENDED, by=by, prison=found.prison_id, subject=found, person_id=buddy.person_id)
    return found
