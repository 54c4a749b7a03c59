"""Marks of work that staff or carers should do, as they stand."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, month_of
from referrals.models import StaffWorkMark, Visit


def _standing(prison: Prison) -> QuerySet[StaffWorkMark]:
    newer = StaffWorkMark.objects.filter(planned=OuterRef("planned"), pk__gt=OuterRef("pk"))
    rows: QuerySet[StaffWorkMark] = StaffWorkMark.objects.for_prison(prison).filter(~Exists(newer), marked=True)
    return rows


def marks_of(prison: Prison) -> QuerySet[Any]:
    """Marks that stand, the newest visit first; `visit_token` is the visit's newest version."""
    newest = Visit.objects.filter(planned=OuterRef("planned")).order_by("-id")
    rows: QuerySet[Any] = _standing(prison).select_related("planned", "buddy__person", "marked_by")
    located: QuerySet[Any] = rows.annotate(visit_token=Subquery(newest.values("token")[:1]))
    return located.order_by("-planned__day", "-id")


def marks_by_month(prison: Prison) -> list[tuple[Month, int]]:
    """How many visits are marked in each month that has any, newest first."""
    rows = _standing(prison).annotate(month=TruncMonth("planned__day")).order_by().values("month")
    counted = rows.annotate(n=Count("pk")).order_by("-month").values_list("month", "n")
    return [(month_of(month), count) for month, count in counted]


def mark_on(visit: Visit) -> StaffWorkMark | None:
    """The mark that stands on this visit."""
    newest = StaffWorkMark.objects.for_prison(visit.prison_id).filter(planned=visit.planned_id)
    found: StaffWorkMark | None = newest.select_related("marked_by").order_by("-id").first()
    return found if found is not None and found.marked else None


def marked_among(planned: list[int]) -> set[int]:
    """Which of these planned visits carry a mark."""
    rows = StaffWorkMark.objects.filter(planned__in=planned).order_by("id").values_list("planned_id", "marked")
    return {pk for pk, marked in dict(rows).items() if marked}
