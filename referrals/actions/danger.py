"""Danger: kept with the concern that tells of it, and acknowledged by name."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.models import Concern, DangerCall
from referrals.rules import danger as rules


@transaction.atomic
def say_danger(*, by: Actor, now: datetime, concern: Concern, told: str, place: str = "") -> DangerCall:
    """Keep that somebody is in danger, and whether an officer has been told. `place` says where to go, no name."""
    call: DangerCall = DangerCall.objects.create(
        prison_id=concern.prison_id,
        concern=concern,
        kind=DangerCall.Kind(concern.kind),
        told=DangerCall.Told(told),
        place=place,
        window_id=concern.window_id,
        said_at=now,
    )
    record(Event.DANGER_SAID, by=by, prison=concern.prison_id, subject=call, kind=call.kind, told=call.told)
    return call


@transaction.atomic
def acknowledge_danger(*, by: Actor, now: datetime, call: DangerCall) -> DangerCall:
    """A member of staff has it: it leaves every page, and their name stays with it."""
    call = DangerCall.objects.select_for_update().get(pk=call.pk)
    rules.check_can_acknowledge(call)
    call.acknowledged_at, call.acknowledged_by = now, by.user
    call.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(Event.DANGER_ACKNOWLEDGED, by=by, prison=call.prison_id, subject=call, kind=call.kind)
    return call
