"""What was put to the council and to healthcare, longest waiting first, with the clock of the step waited for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, DateField, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models import Value as V
from django.db.models.functions import Cast

from buddyscheme.accounts.models import Prison
from referrals.models import AssessmentChase, AssessmentRequest
from referrals.queries.places import with_place
from referrals.rules.assessments import CHASE_AGAIN_DAYS, LIMIT_OF, counted_from
from schemes.models import Person, Scheme
from schemes.queries.people import still_read

Body, Step = AssessmentRequest.Body, AssessmentChase.Step

# What is waited for, as `rules.step_waited_for` says it of one request. A test compares the two.
STEPS: tuple[tuple[Q, str], ...] = (
    (Q(closed_on__isnull=False), ""),
    (Q(decision="ELIGIBLE", body=Body.COUNCIL, plan_received_on__isnull=True), Step.PLAN),
    (Q(decided_on__isnull=False), ""),
    (Q(visited_on__isnull=False), Step.DECIDE),
    (Q(acknowledged_on__isnull=False), Step.VISIT),
)


def assessments_of(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """Requests to these bodies with their people; those without a decision first, by how long they wait."""
    rows: QuerySet[AssessmentRequest] = still_read(AssessmentRequest.objects.for_prison(prison))
    rows = rows.filter(body__in=bodies)
    done = Case(
        When(decided_on__isnull=False, then=V(1)), When(closed_on__isnull=False, then=V(2)), default=V(0),
        output_field=IntegerField(),
    )  # fmt: skip
    return with_place(rows).select_related("person", "referral").order_by(done, "asked_on", "id")


def unanswered(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """No decision yet, and the person is still here."""
    return assessments_of(prison, bodies).filter(decided_on__isnull=True, closed_on__isnull=True)


def decided(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """With a decision, whatever became of the person since."""
    return assessments_of(prison, bodies).filter(decided_on__isnull=False)


def closed_undecided(prison: Prison, bodies: Collection[str]) -> QuerySet[AssessmentRequest]:
    """Closed before anybody decided."""
    return assessments_of(prison, bodies).filter(decided_on__isnull=True, closed_on__isnull=False)


def with_clock(rows: QuerySet[AssessmentRequest], today: date) -> QuerySet[Any]:
    """Add `step` (empty where nothing is waited for), `waited` in days, `limit` of the scheme, and `chased_on`."""
    scheme = Scheme.objects.filter(prison=OuterRef("prison"))
    whens = [
        When(body=body, step=step, then=Subquery(scheme.values(name)[:1])) for (body, step), name in LIMIT_OF.items()
    ]
    since = Case(When(step=Step.PLAN, then=F("decided_on")), default=F("asked_on"), output_field=DateField())
    chases = AssessmentChase.objects.filter(assessment=OuterRef("pk")).order_by("-printed_on", "-id")
    timed: QuerySet[Any] = rows.annotate(
        step=Case(
            *(When(condition, then=V(str(step))) for condition, step in STEPS),
            default=V(str(Step.ACKNOWLEDGE)),
            output_field=CharField(),
        )
    ).annotate(
        waited=_days_between(since, today),
        limit=Case(*whens, default=None, output_field=IntegerField()),
        chased_on=Subquery(chases.values("printed_on")[:1]),
    )
    return timed


def to_chase(prison: Prison, bodies: Collection[str], today: date) -> QuerySet[AssessmentRequest]:
    """Over the scheme's limit for what is waited for, and not chased within the last days; the longest first."""
    rows = with_clock(assessments_of(prison, bodies), today).filter(waited__gt=F("limit"))
    again = today - timedelta(days=CHASE_AGAIN_DAYS)
    return rows.filter(Q(chased_on__isnull=True) | Q(chased_on__lte=again)).order_by("asked_on", "id")


def chases_of(assessment: AssessmentRequest) -> QuerySet[AssessmentChase]:
    """Letters about one request, newest first."""
    return assessment.chases.select_related("printed_by").order_by("-printed_on", "-id")


def chases_before(chase: AssessmentChase) -> QuerySet[AssessmentChase]:
    """Earlier letters about the same request, oldest first."""
    rows = AssessmentChase.objects.filter(assessment=chase.assessment_id, printed_on__lt=chase.printed_on)
    return rows.order_by("printed_on", "id")


def limit_of(assessment: AssessmentRequest, step: str) -> int | None:
    """After how many days the step is late at this prison."""
    name = LIMIT_OF[assessment.body, step]
    found: int | None = Scheme.objects.filter(prison=assessment.prison_id).values_list(name, flat=True).first()
    return found


def concerns_body(prison: Prison, person: Person, bodies: Collection[str]) -> bool:
    """Whether anything about this person was put to one of these bodies."""
    return AssessmentRequest.objects.for_prison(prison).filter(person=person, body__in=bodies).exists()


def days_waiting(assessment: AssessmentRequest, today: date) -> int:
    """Days since the request was made, until the decision, the day it was closed, or today."""
    return ((assessment.decided_on or assessment.closed_on or today) - assessment.asked_on).days


def days_of_step(assessment: AssessmentRequest, step: str, today: date) -> int:
    """Days that the step has been waited for."""
    return (today - counted_from(assessment, step)).days


def _days_between(since: Any, today: date) -> Func:
    return Func(
        Cast(V(today), DateField()), since, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
