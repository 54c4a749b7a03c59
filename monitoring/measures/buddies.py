"""How many buddies there are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from monitoring.measures.definition import Adds, Direction, Kind, Measure, Needs, Parts, Span
from schemes.models import Buddy, BuddyStep, TakeOver


def _active(span: Span) -> QuerySet[Any]:
    newest = BuddyStep.objects.filter(buddy=OuterRef("pk"), at__lte=span.as_of).order_by("-at", "-id")
    rows: QuerySet[Any] = Buddy.objects.for_prison(span.prison_code)
    rows = rows.annotate(then=Subquery(newest.values("new_status")[:1]))
    return rows.filter(then=Buddy.Status.ACTIVE)


def _active_at_the_end(span: Span) -> Parts:
    count = _active(span).count()
    return Parts(Decimal(count), None, count)


def _to_be_made_good(span: Span) -> Parts:
    lacked = Q(take_over__lacks_compact=True) | Q(take_over__lacks_modules=True)
    approved = Q(take_over__decision=TakeOver.Decision.APPROVED, take_over__good_by__gte=span.last)
    count = _active(span).filter(lacked & approved).count()
    return Parts(Decimal(count), None, count)


ACTIVE_BUDDIES = Measure(
    code="OP-02",
    title="Active buddies",
    answers="How many buddies does the scheme have?",
    numerator="Buddies whose status is active at the end of the period",
    denominator="",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    provider="system",
    frequency="monthly",
    basis="our reconstruction",
    direction=Direction.NONE,
    minimum_n=0,
    expectation="Peer support is organised, with people recruited to do it",
    heading="Peers recruited, trained, supervised and supported",
    needs=Needs.ANYTHING,
    adds=Adds.LAST,
    compute=_active_at_the_end,
)

TAKEN_OVER = Measure(
    code="BS-02",
    title="Taken over, to be made good by a date",
    answers="How many buddies go on without the compact or every module, by approval?",
    numerator="Active buddies at the end of the period who were taken over with the compact or modules to be made "
    "good by a day that had not passed. Clearance is never among it",
    denominator="",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    provider="system",
    frequency="monthly",
    basis="our reconstruction",
    direction=Direction.NONE,
    minimum_n=0,
    expectation="Peer support is organised, with people trained to do it",
    heading="Peers recruited, trained, supervised and supported",
    needs=Needs.ANYTHING,
    adds=Adds.LAST,
    compute=_to_be_made_good,
)
