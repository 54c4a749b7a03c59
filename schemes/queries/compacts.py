"""Versions of the compact.

A version may be published before it comes into force: from then on it can be signed. An older signature holds until
the day by which the new one is asked for, that day included; a version without such a day asks from the day it is in
force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, CompactSignature, CompactText

S = Buddy.Status
SIGNERS = (S.IN_TRAINING, S.ACTIVE, S.SUSPENDED)


def versions_needed(today: date) -> QuerySet[CompactText]:
    """Versions that have to be signed on this day, newest first: the first one, or a newer one, has to be.

    The very first version is needed also while the day by which it is to be signed is still to come.
    """
    first = CompactText.objects.order_by("version").values("version")[:1]
    asked = Q(sign_by__lt=today) | Q(sign_by__isnull=True, in_force_from__lte=today)
    rows: QuerySet[CompactText] = CompactText.objects.filter(
        asked | Q(version=Subquery(first), in_force_from__lte=today)
    )
    return rows.order_by("-version")


def holds_compact(today: date) -> Exists:
    """For a queryset of buddies: whether the version that has to be signed on this day, or a newer one, is signed."""
    needed = versions_needed(today).values("version")[:1]
    return Exists(CompactSignature.objects.filter(buddy=OuterRef("pk"), text__gte=Subquery(needed)))


def last_day(in_force_from: date, sign_by: date | None) -> date:
    """The last day on which a signature of an older version holds."""
    return sign_by or in_force_from - timedelta(days=1)


def text_to_sign() -> CompactText | None:
    """The newest version: what is put before anybody who signs now."""
    return CompactText.objects.order_by("-version").first()


def versions() -> QuerySet[CompactText]:
    """Every version, newest first."""
    return CompactText.objects.select_related("published_by").order_by("-version")


def to_sign_again(prison: Prison) -> QuerySet[Any]:
    """People in training or in the role whose signature is of an older version than the newest, by name."""
    newest = CompactText.objects.order_by("-version").values("version")[:1]
    rows: QuerySet[Any] = Buddy.objects.for_prison(prison).filter(status__in=SIGNERS)
    rows = rows.select_related("person").annotate(signed=Max("compacts__text_id"))
    return rows.filter(signed__lt=newest).order_by("person__last_name", "person__first_name", "id")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The version that is asked for, and the last day on which an older signature holds."""

    text: CompactText

    @property
    def until(self) -> date:
        """The last day of an older signature."""
        return last_day(self.text.in_force_from, self.text.sign_by)


def asked_again(signed: int | None) -> Asked | None:
    """The newest version, where it is newer than what was signed."""
    newest = text_to_sign()
    return Asked(text=newest) if newest is not None and signed is not None and signed < newest.version else None
