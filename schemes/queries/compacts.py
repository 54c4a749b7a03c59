"""Versions of the compact.

A version may be published before it comes into force: from then on it can be signed. An older signature holds until
the day by which the new one is asked for, that day included; a version without such a day asks from the day it is in
force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, CompactText

S = Buddy.Status
SIGNERS = (S.IN_TRAINING, S.ACTIVE, S.SUSPENDED)


@dataclass(frozen=True, kw_only=True)
class Versions:
    """Which version has to be signed on a day, and which is the newest. None where none has been loaded."""

    needed: int | None
    newest: int | None
    # The last day on which a signature of an older version than the newest holds.
    until: date | None


def versions_on(today: date) -> Versions:
    """What is asked for on this day. One query: there are few versions."""
    rows = list(CompactText.objects.order_by("version").values_list("version", "in_force_from", "sign_by"))
    ends = {version: _last_day(in_force_from, sign_by) for version, in_force_from, sign_by in rows}
    # The first version of all is needed while the day by which a newer one is to be signed is still to come.
    asked = [rows[0][0]] if rows and rows[0][1] <= today else []
    asked += [version for version, until in ends.items() if until < today]
    newest = rows[-1][0] if rows else None
    return Versions(needed=max(asked, default=None), newest=newest, until=ends.get(newest) if newest else None)


def _last_day(in_force_from: date, sign_by: date | None) -> date:
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
        return _last_day(self.text.in_force_from, self.text.sign_by)


def asked_again(signed: int | None) -> Asked | None:
    """The newest version, where it is newer than what was signed."""
    newest = text_to_sign()
    return Asked(text=newest) if newest is not None and signed is not None and signed < newest.version else None
