"""What was put to the council and to healthcare, longest waiting first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import AssessmentRequest
from referrals.queries.places import with_place
from schemes.models import Person


def assessments_of(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """Requests to these bodies with their people; those without a decision first, by how long they wait."""
    rows: QuerySet[AssessmentRequest] = AssessmentRequest.objects.for_prison(prison).filter(body__in=bodies)
    decided = Case(When(decided_on__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return with_place(rows).select_related("person", "referral").order_by(decided, "asked_on", "id")


def unanswered(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """No decision yet."""
    return assessments_of(prison, bodies).filter(decided_on__isnull=True)


def concerns_body(prison: Prison, person: Person, bodies: Collection[str]) -> bool:
    """Whether anything about this person was put to one of these bodies."""
    return AssessmentRequest.objects.for_prison(prison).filter(person=person, body__in=bodies).exists()


def days_waiting(assessment: AssessmentRequest, today: date) -> int:
    """Days since the request was made, until the decision or until today."""
    return ((assessment.decided_on or today) - assessment.asked_on).days
