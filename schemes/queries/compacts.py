"""Versions of the compact.

A version may be published before it comes into force: from then on it can be signed, and from the day it is in
force an older signature no longer holds. That is the time people have to sign again.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from schemes.models import CompactSignature, CompactText


def version_needed(today: date) -> int | None:
    """The version that has to be signed on this day."""
    versions = CompactText.objects.filter(in_force_from__lte=today)
    newest: int | None = versions.order_by("-version").values_list("version", flat=True).first()
    return newest


def holds_compact(today: date) -> Exists:
    """For a queryset of buddies: whether the version that has to be signed on this day, or a newer one, is signed."""
    needed = CompactText.objects.filter(in_force_from__lte=today).order_by("-version").values("version")[:1]
    return Exists(CompactSignature.objects.filter(buddy=OuterRef("pk"), text__gte=Subquery(needed)))


def text_to_sign() -> CompactText | None:
    """The newest version: what is put before anybody who signs now."""
    return CompactText.objects.order_by("-version").first()
