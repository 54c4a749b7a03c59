"""Where people are now, joined to lists of their referrals, plans and needs in the same query."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from schemes.models import Custody


def with_place(rows: QuerySet[Any], person: str = "person") -> QuerySet[Any]:
    """Add `wing_name` and `cell` of each row's person, as they are now at the row's prison."""
    placed: QuerySet[Any] = rows.annotate(**_here(person))
    return placed


@cache
def _here(person: str) -> dict[str, Subquery]:
    """The same two expressions for every list: building them anew costs more than the query."""
    here = Custody.objects.filter(person=OuterRef(person), prison=OuterRef("prison"), ended_at__isnull=True)
    return {"wing_name": Subquery(here.values(name=F("wing__name"))[:1]), "cell": Subquery(here.values("cell")[:1])}


def place_of(row: Any) -> str:
    """Wing and cell in words, from `with_place`."""
    if row.cell is None:
        # A cell that is not known is empty; there is none where nobody is in custody here.
        return "No longer here"
    return ", ".join(part for part in (row.wing_name, row.cell) if part) or "Place not recorded"
