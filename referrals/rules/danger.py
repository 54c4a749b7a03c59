"""Danger told at a terminal: what stays on every staff page, for how long, and who may say that they have it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import DangerCall

Kind, Told = DangerCall.Kind, DangerCall.Told

# After this time it is on the duty governor's page. From the record, so that no task can forget it.
DUTY_AFTER = timedelta(minutes=5)
# On every staff page: nobody has it yet, and either no officer had been told or somebody may hurt themselves.
OPEN = Q(acknowledged_at__isnull=True) & (~Q(told=Told.YES) | Q(kind=Kind.SELF_HARM))


def is_open(call: DangerCall) -> bool:
    """Whether it stays on every staff page: what `OPEN` says, of one row."""
    return call.acknowledged_at is None and (call.told != Told.YES or call.kind == Kind.SELF_HARM)


def is_with_duty(call: DangerCall, now: datetime) -> bool:
    """Open for longer than the time that the wing has."""
    return is_open(call) and now >= call.said_at + DUTY_AFTER


def check_can_acknowledge(call: DangerCall) -> None:
    """Once: the first to say so has it."""
    if call.acknowledged_at is not None:
        raise NotAllowed("Somebody has acknowledged this already.")
    if not is_open(call):
        raise NotAllowed("An officer had been told at once, so there is nothing to acknowledge.")


can_acknowledge = twin(check_can_acknowledge)
