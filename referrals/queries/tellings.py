"""Who is still to be told what came of a referral."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Referral, ReferralTelling
from referrals.queries.places import with_place
from schemes.queries.people import still_read

Audience = ReferralTelling.Audience


def tellings_of(prison: Prison) -> QuerySet[ReferralTelling]:
    """Everybody who was or is to be told: those who wait first, the longest wait on top."""
    rows: QuerySet[ReferralTelling] = ReferralTelling.objects.for_prison(prison)
    placed = with_place(still_read(rows, "referral__person"), "referral__person")
    return placed.select_related("referral__person", "told_by").order_by("referral__screened_at", "id")


def to_tell(prison: Prison) -> QuerySet[ReferralTelling]:
    """Nobody has recorded yet that they were told."""
    return tellings_of(prison).filter(told_at__isnull=True)


def told_with(telling: ReferralTelling) -> QuerySet[ReferralTelling]:
    """What else a person hears in the same breath: their other referrals with the same outcome."""
    rows: QuerySet[ReferralTelling] = ReferralTelling.objects.filter(prison=telling.prison_id, told_at__isnull=True)
    same = rows.filter(
        audience=Audience.PERSON,
        referral__person=telling.referral.person_id,
        referral__outcome=telling.referral.outcome,
    )
    same = same if telling.audience == Audience.PERSON else same.none()
    return same.exclude(pk=telling.pk).select_related("referral").order_by("id")


def untold_person(referral: Referral) -> QuerySet[ReferralTelling]:
    """The person of a referral, for whom nobody has recorded what came of it."""
    rows: QuerySet[ReferralTelling] = ReferralTelling.objects.filter(prison=referral.prison_id, told_at__isnull=True)
    return rows.filter(
        referral__person=referral.person_id, referral__outcome=referral.outcome, audience=Audience.PERSON
    )
