"""Decisions in people's best interests: the one that stands in a plan, and those to review."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import CapacityRecord, Consent, Plan
from referrals.queries.places import with_place
from referrals.queries.plans import stands
from referrals.rules.capacity import DUE_WITHIN


def standing(plan: Plan) -> CapacityRecord | None:
    """The decision on which help stands now, if any."""
    rows = CapacityRecord.objects.filter(plan=plan, ended_at__isnull=True)
    found: CapacityRecord | None = rows.select_related("recorded_by").first()
    return found


def records_of(plan: Plan) -> QuerySet[CapacityRecord]:
    """Every record of a plan, newest first."""
    rows = CapacityRecord.objects.filter(plan=plan).select_related("recorded_by", "ended_by")
    return rows.order_by("-recorded_at", "-id")


def standing_in(prison: Prison) -> QuerySet[CapacityRecord]:
    """Decisions that stand in plans that run, by their review."""
    rows: QuerySet[CapacityRecord] = CapacityRecord.objects.for_prison(prison)
    rows = rows.filter(ended_at__isnull=True, plan__status__in=Plan.LIVE)
    return with_place(rows, "plan__person").select_related("plan__person").order_by("review_on", "id")


def to_review(prison: Prison, today: date) -> QuerySet[CapacityRecord]:
    """Due or overdue."""
    return standing_in(prison).filter(review_on__lte=today + DUE_WITHIN)


def is_supported(plan: Plan) -> bool:
    """Whether help may be given: the person consents, or it was decided in their best interests."""
    return stands(plan, Consent.Scope.SUPPORT) or standing(plan) is not None


def is_shared(plan: Plan, decided: CapacityRecord | None) -> bool:
    """Whether the council and healthcare may see the plan: by consent, or as part of the decision that stands."""
    return stands(plan, Consent.Scope.SHARING) or (decided is not None and decided.share)


def withdrew(plan: Plan) -> bool:
    """Whether the last that the person said about support was that they withdraw it."""
    last = plan.consents.filter(scope=Consent.Scope.SUPPORT, given=True).order_by("-taken_at", "-id").first()
    return last is not None and last.withdrawn_at is not None
