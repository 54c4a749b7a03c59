"""Paper slips: by number, and which of them were keyed."""

from __future__ import annotations

from django.db.models import Exists, Max, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import PaperSlip, Visit


def slip_by_number(prison: Prison, number: int) -> PaperSlip | None:
    """The slip of this number, with `used`."""
    return slips_of(prison).filter(number=number).first()


def slips_of(prison: Prison) -> QuerySet[PaperSlip]:
    """Slips printed at the prison, newest first, with `used`."""
    rows: QuerySet[PaperSlip] = PaperSlip.objects.for_prison(prison)
    used = Exists(Visit.objects.filter(slip=OuterRef("pk")))
    return rows.annotate(used=used).select_related("printed_by").order_by("-number", "-id")


def highest_number(prison: Prison) -> int:
    """The last number printed; nought before the first."""
    return int(PaperSlip.objects.for_prison(prison).aggregate(top=Max("number"))["top"] or 0)
