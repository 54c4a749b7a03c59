"""Danger that was told: what every staff page shows, and the duty governor's page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import DangerCall
from referrals.rules.danger import DUTY_AFTER, OPEN


def open_calls(prison: Prison) -> QuerySet[DangerCall]:
    """Nobody has acknowledged them: the longest wait first. One table, no join: every staff page asks this."""
    rows: QuerySet[DangerCall] = DangerCall.objects.for_prison(prison)
    return rows.filter(OPEN).order_by("said_at", "id")


def with_duty(prison: Prison, now: datetime) -> QuerySet[DangerCall]:
    """Open for five minutes and more: what the duty governor's page puts first."""
    return open_calls(prison).filter(said_at__lte=now - DUTY_AFTER)


def calls_of(prison: Prison) -> QuerySet[DangerCall]:
    """Every one that was told, the newest first; also those where an officer knew at once."""
    rows: QuerySet[DangerCall] = DangerCall.objects.for_prison(prison)
    return rows.select_related("acknowledged_by").order_by("-said_at", "-id")
