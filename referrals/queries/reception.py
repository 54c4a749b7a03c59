"""Who has just arrived and was not asked yet, and what is asked."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds
from referrals.models import ReceptionPrompt, ReceptionScreening
from referrals.rules.reception import ARRIVED_WITHIN
from schemes.models import Custody
from schemes.queries.people import custodies_of


def prompts() -> list[ReceptionPrompt]:
    """The questions that are asked now, in their order."""
    return list(ReceptionPrompt.objects.filter(active=True).order_by("position", "code"))


def to_ask_at_reception(prison: Prison, today: date) -> QuerySet[Custody]:
    """Arrived within the last days and not asked yet, the newest last: whoever has waited longest is on top."""
    asked = ReceptionScreening.objects.for_prison(prison).filter(custody=OuterRef("pk"))
    since = day_bounds(today - ARRIVED_WITHIN)[0]
    return custodies_of(prison).filter(~Exists(asked), started_at__gte=since).order_by("started_at", "id")


def screening_of(custody: Custody) -> ReceptionScreening | None:
    """What was answered after this arrival."""
    return ReceptionScreening.objects.filter(custody=custody).first()
