"""Keep-apart records, for holders of the permission."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import Custody, KeepApart


def pairs_of(prison: Prison) -> QuerySet[KeepApart]:
    """Open records with somebody who is held here now, one row a pair (the row of the lower id, if both are here)."""
    here = Custody.objects.for_prison(prison).filter(ended_at__isnull=True)
    rows = KeepApart.objects.filter(Exists(here.filter(person=OuterRef("person_id"))), ended_at__isnull=True)
    twin_here = Exists(here.filter(person=OuterRef("other_id")))
    found: QuerySet[KeepApart] = rows.exclude(twin_here, person_id__gt=F("other_id"))
    return found.select_related("person", "recorded_by").order_by("person__last_name", "person__first_name", "id")
