"""Versions of the compact.

A version may be published before it comes into force: from then on it can be signed, and from the day it is in
force an older signature no longer holds. That is the time people have to sign again.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from schemes.models import CompactSignature, CompactText


def versions_in_force(today: date) -> QuerySet[CompactText]:
    """Versions in force on this day, newest first: the first one has to be signed."""
    rows: QuerySet[CompactText] = CompactText.objects.filter(in_force_from__lte=today)
    return rows.order_by("-version")


def holds_compact(today: date) -> Exists:
    """For a queryset of buddies: whether the version that has to be signed on this day, or a newer one, is signed."""
    needed = versions_in_force(today).values("version")[:1]
    return Exists(CompactSignature.objects.filter(buddy=OuterRef("pk"), text__gte=Subquery(needed)))


def text_to_sign() -> CompactText | None:
    """The newest version: what is put before anybody who signs now."""
    return CompactText.objects.order_by("-version").first()
