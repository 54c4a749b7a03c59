"""Welfare checks of a prison's buddies, and whom an event prompts one for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Match, WelfareCheck
from referrals.rules.welfare import LOOKS_BACK
from schemes.models import Buddy, Person


def checks_of(prison: Prison) -> QuerySet[WelfareCheck]:
    """Every check: those not done first, then the newest first."""
    rows: QuerySet[WelfareCheck] = WelfareCheck.objects.for_prison(prison)
    rows = rows.alias(is_done=Q(done_at__isnull=False)).order_by("is_done", "-happened_at", "-id")
    return rows.select_related("buddy__person", "person", "done_by")


def to_do(prison: Prison) -> QuerySet[WelfareCheck]:
    """Not done yet, of buddies who are still in the role; the first due first."""
    rows = checks_of(prison).filter(done_at__isnull=True, buddy__status__in=(S.ACTIVE, S.SUSPENDED))
    return rows.order_by("due_at", "id")


def late(prison: Prison, now: datetime) -> QuerySet[WelfareCheck]:
    """To do, and past their time."""
    return to_do(prison).filter(due_at__lt=now)


def buddies_who_help(prison: Prison, person: Person, at: datetime) -> QuerySet[Buddy]:
    """Buddies in the role who help this person at the moment, or did until some days before it."""
    recent = Match.objects.for_prison(prison).filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=at - LOOKS_BACK), plan__person=person, started_on__lte=at.date()
    )
    rows: QuerySet[Buddy] = Buddy.objects.for_prison(prison).filter(pk__in=recent.values("buddy"))
    return rows.filter(status__in=(S.ACTIVE, S.SUSPENDED)).order_by("id")


S = Buddy.Status
