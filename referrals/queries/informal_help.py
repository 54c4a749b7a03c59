"""The register of informal help."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, IntegerField, QuerySet, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import InformalHelp
from referrals.queries.places import with_place
from referrals.rules.informal_help import LOOK_WITHIN
from schemes.queries.people import still_read


def entries_of(prison: Prison) -> QuerySet[InformalHelp]:
    """Every entry with its people: open ones first, the oldest on top."""
    rows: QuerySet[InformalHelp] = still_read(InformalHelp.objects.for_prison(prison))
    order = Case(
        When(status=InformalHelp.Status.OPEN, then=Value(0)),
        When(status=InformalHelp.Status.ENDED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return with_place(rows).select_related("person", "helper").order_by(order, "noted_at", "id")


def not_looked_at(prison: Prison) -> QuerySet[InformalHelp]:
    """Nobody has looked at them yet."""
    return entries_of(prison).filter(looked_at__isnull=True)


def late(prison: Prison, now: datetime) -> QuerySet[InformalHelp]:
    """Nobody has looked at them within the time that was set."""
    return not_looked_at(prison).filter(noted_at__lt=now - LOOK_WITHIN)
