"""Recording that a wing's staff were told about the scheme."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from training.models import StaffBriefing
from training.queries.briefings import briefed_on
from training.rules.briefings import check_can_record


@transaction.atomic
def brief_staff(
    *, by: Actor, now: datetime, wing: Wing, held_on: date, led_by: str, staff: int, briefed: int
) -> StaffBriefing:
    """Record one briefing. `briefed` is everybody of the wing's staff who has been briefed this quarter."""
    Wing.objects.select_for_update(no_key=True).get(pk=wing.pk)
    check_can_record(
        wing, held_on=held_on, staff=staff, briefed=briefed, again=briefed_on(wing, held_on), today=london_today(now)
    )
    found: StaffBriefing = StaffBriefing.objects.create(
        prison_id=wing.prison_id,
        wing=wing,
        held_on=held_on,
        led_by=led_by,
        staff=staff,
        briefed=briefed,
        recorded_at=now,
        recorded_by=by.user,
    )
    record(Event.STAFF_BRIEFED, by=by, prison=wing.prison_id, subject=found, wing=wing.pk, briefed=briefed)
    month_changed(wing.prison_id, [held_on])
    return found
