"""How many people are helped."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q, QuerySet

from monitoring.measures.definition import Adds, Direction, Kind, Measure, Needs, Parts, Span
from referrals.models import Match


def _started(span: Span) -> QuerySet[Match]:
    return Match.objects.for_prison(span.prison_code).filter(started_on__isnull=False, started_on__lte=span.last)


def _people(matches: QuerySet[Match]) -> Parts:
    count = matches.values("plan__person_id").distinct().count()
    return Parts(Decimal(count), None, count)


def _at_the_end(span: Span) -> Parts:
    return _people(_started(span).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=span.as_of)))


def _ever(span: Span) -> Parts:
    return _people(_started(span).filter(Q(ended_at__isnull=True) | Q(ended_at__date__gte=span.first)))


_SHARED = {
    "denominator": "",
    "unit": "people",
    "kind": Kind.COUNT,
    "level": "scheme, prison, national",
    "provider": "system",
    "frequency": "monthly",
    "basis": "our reconstruction",
    "direction": Direction.NONE,
    "minimum_n": 0,
    "expectation": "People who need social care get help that meets their needs",
    "heading": "Identifying need, access and timeliness",
    "needs": Needs.ANYTHING,
}

RECEIVING_AT_END = Measure(
    code="OP-04a",
    title="People receiving help at the end of the period",
    answers="How many people have a buddy now?",
    numerator="People with a match that had started and had not ended at the end of the period",
    adds=Adds.LAST,
    compute=_at_the_end,
    **_SHARED,  # type: ignore[arg-type]
)
RECEIVING_EVER = Measure(
    code="OP-04b",
    title="People who received help in the period",
    answers="How many people had a buddy at any time in the period?",
    numerator="People with a match that ran on at least one day of the period",
    adds=Adds.NOT,
    compute=_ever,
    **_SHARED,  # type: ignore[arg-type]
)
