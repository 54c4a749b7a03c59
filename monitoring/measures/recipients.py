"""How many people are helped."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from monitoring.measures.definition import EVERYTHING, Adds, Basis, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.lines import people_of, total_of
from referrals.models import Match


def _started(facts: Facts) -> QuerySet[Match]:
    return Match.objects.for_prison(facts.prison).filter(started_on__isnull=False, started_on__lte=facts.span.last)


def _people(matches: QuerySet[Match]) -> Iterable[Line]:
    return people_of(matches.values_list("plan__person_id", flat=True))


def helped_at_the_end(facts: Facts) -> Iterable[Line]:
    """People with a running match at the end of the span."""
    return _people(_started(facts).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=facts.span.as_of)))


def helped_at_all(facts: Facts) -> Iterable[Line]:
    """People with a match on at least one day of the span."""
    return _people(_started(facts).filter(Q(ended_at__isnull=True) | Q(ended_at__date__gte=facts.span.first)))


def _count_at_the_end(facts: Facts) -> Parts:
    return total_of(helped_at_the_end(facts))


def _count_at_all(facts: Facts) -> Parts:
    return total_of(helped_at_all(facts))


RECEIVING_AT_END = Measure(
    code="OP-04a",
    title="People receiving help at the end of the period",
    answers="How many people have a buddy now?",
    numerator="People with a match that had started and had not ended at the end of the period",
    unit="people",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation="People who need social care get help that meets their needs",
    heading=Heading.NEED,
    adds=Adds.LAST,
    compute=_count_at_the_end,
    lines=helped_at_the_end,
    by=EVERYTHING,
)
RECEIVING_EVER = Measure(
    code="OP-04b",
    title="People who received help in the period",
    answers="How many people had a buddy at any time in the period?",
    numerator="People with a match that ran on at least one day of the period",
    unit="people",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation="People who need social care get help that meets their needs",
    heading=Heading.NEED,
    compute=_count_at_all,
    lines=helped_at_all,
    by=EVERYTHING,
)
