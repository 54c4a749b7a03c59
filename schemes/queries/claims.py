"""What other prisons say about people whom this prison has on its list."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import CustodyClaim


def open_claims(prison: Prison) -> QuerySet[CustodyClaim]:
    """Claims that wait for this prison's answer, oldest first."""
    rows: QuerySet[CustodyClaim] = CustodyClaim.objects.for_prison(prison).filter(answered_at__isnull=True)
    return rows.select_related("person", "claimed_by_prison").order_by("claimed_at", "id")
