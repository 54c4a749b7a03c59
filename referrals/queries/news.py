"""What buddies of a prison are to be told in person, and what they were told."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import BuddyNews
from schemes.queries.people import custodies_of


def news_of(prison: Prison) -> QuerySet[BuddyNews]:
    """Those who wait first, the longest wait on top; then the newest told."""
    rows: QuerySet[BuddyNews] = BuddyNews.objects.for_prison(prison)
    rows = rows.select_related("buddy__person", "person", "told_by")
    return rows.alias(is_told=Q(told_at__isnull=False)).order_by("is_told", "happened_at", "id")


def to_tell(prison: Prison) -> QuerySet[BuddyNews]:
    """Nobody has recorded yet that they were told; whoever has left themselves cannot be told here."""
    held = custodies_of(prison).values("person_id")
    return news_of(prison).filter(told_at__isnull=True, buddy__person__in=held)
