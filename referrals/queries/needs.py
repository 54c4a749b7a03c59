"""What a person needs, as it was said and as it is confirmed."""

from __future__ import annotations

from django.db.models import F, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Need
from schemes.models import Person


def needs_noted(prison: Prison, person: Person) -> QuerySet[Need]:
    """Every need of one person here: running ones first, by category and source."""
    rows: QuerySet[Need] = Need.objects.for_prison(prison).filter(person=person)
    return rows.select_related("noted_by", "confirmed_by", "ended_by", "referral").order_by(
        F("ended_at").asc(nulls_first=True), "category", "source", "id"
    )
