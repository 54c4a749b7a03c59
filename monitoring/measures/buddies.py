"""How many buddies there are, and how many of them go on by approval."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from monitoring.measures.definition import EVERYTHING, Adds, Basis, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.lines import people_of, total_of
from schemes.models import Buddy, BuddyStep, TakeOver


def active_buddies(facts: Facts) -> QuerySet[Any]:
    """Buddies whose newest step at the end of the span made or left them active."""
    newest = BuddyStep.objects.filter(buddy=OuterRef("pk"), at__lte=facts.span.as_of).order_by("-at", "-id")
    rows: QuerySet[Any] = Buddy.objects.for_prison(facts.prison)
    rows = rows.annotate(then=Subquery(newest.values("new_status")[:1]))
    return rows.filter(then=Buddy.Status.ACTIVE)


def _active_lines(facts: Facts) -> Iterable[Line]:
    return people_of(active_buddies(facts).values_list("person_id", flat=True))


def _active_at_the_end(facts: Facts) -> Parts:
    return total_of(_active_lines(facts))


def _to_be_made_good(facts: Facts) -> Parts:
    lacked = Q(take_over__lacks_compact=True) | Q(take_over__lacks_modules=True)
    approved = Q(take_over__decision=TakeOver.Decision.APPROVED, take_over__good_by__gte=facts.span.last)
    count = active_buddies(facts).filter(lacked & approved).count()
    return Parts(Decimal(count), None, count)


ACTIVE_BUDDIES = Measure(
    code="OP-02",
    title="Active buddies",
    answers="How many buddies does the scheme have?",
    numerator="Buddies whose status is active at the end of the period",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    expectation="Peer support is organised, with people recruited to do it",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_active_at_the_end,
    lines=_active_lines,
    by=EVERYTHING,
)

TAKEN_OVER = Measure(
    code="BS-02b",
    title="Taken over, to be made good by a date",
    answers="How many buddies go on without the compact or every module, by approval?",
    numerator="Active buddies at the end of the period who were taken over with the compact or modules to be made "
    "good by a day that had not passed. Clearance is never among it",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison, national",
    basis=Basis.BESIDE,
    expectation="Peer support is organised, with people trained to do it",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_to_be_made_good,
)
