"""Danger that was told: what every staff page shows, and the duty governor's page."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Concern, DangerCall
from referrals.rules.danger import DUTY_AFTER, OPEN


def open_calls(prison: Prison) -> QuerySet[DangerCall]:
    """Nobody has acknowledged them: the longest wait first. Every staff page asks this, and the index holds few rows.

    Whoever is named in the concern cannot read it (the database sees to that), and is not called either.
    """
    rows: QuerySet[DangerCall] = DangerCall.objects.for_prison(prison)
    return rows.filter(OPEN, Exists(Concern.objects.filter(pk=OuterRef("concern")))).order_by("said_at", "id")


def with_duty(prison: Prison, now: datetime) -> QuerySet[DangerCall]:
    """Open for five minutes and more: what the duty governor's page puts first."""
    return open_calls(prison).filter(said_at__lte=now - DUTY_AFTER)


def calls_of(prison: Prison) -> QuerySet[DangerCall]:
    """Every one that was told, the newest first; also those where an officer knew at once."""
    rows: QuerySet[DangerCall] = DangerCall.objects.for_prison(prison)
    rows = rows.filter(Exists(Concern.objects.filter(pk=OuterRef("concern"))))
    return rows.select_related("acknowledged_by").order_by("-said_at", "-id")


def call_of(concern: Concern) -> DangerCall | None:
    """What called staff to the danger that this concern tells of, if anything did."""
    return DangerCall.objects.filter(concern=concern).select_related("acknowledged_by").first()


def calls_with_names(prison: Prison) -> QuerySet[DangerCall]:
    """The same for the page of one call: with whom it is about, and who told it."""
    return calls_of(prison).select_related("acknowledged_by", "concern__about_person", "concern__writer")
