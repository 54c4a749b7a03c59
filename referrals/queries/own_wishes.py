"""What people who are helped said at the terminal."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import OwnWish
from referrals.queries.places import with_place
from schemes.models import Person
from schemes.queries.people import still_read


def wishes_of(prison: Prison) -> QuerySet[OwnWish]:
    """Those that nobody has looked at first, the longest wait on top; then the newest."""
    rows: QuerySet[OwnWish] = OwnWish.objects.for_prison(prison)
    rows = with_place(still_read(rows)).select_related("person", "plan", "seen_by")
    return rows.alias(is_seen=Q(seen_at__isnull=False)).order_by("is_seen", "said_at", "id")


def to_look_at(prison: Prison) -> QuerySet[OwnWish]:
    """Nobody has looked at them yet."""
    return wishes_of(prison).filter(seen_at__isnull=True)


def waiting_of(prison: Prison, person: Person) -> QuerySet[OwnWish]:
    """What one person said that nobody has looked at."""
    rows: QuerySet[OwnWish] = OwnWish.objects.for_prison(prison)
    return rows.filter(person=person, seen_at__isnull=True)
