"""Whether planned help came, and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.db.models import Count, Q

from monitoring.measures.definition import (
    EVERYTHING,
    Adds,
    Basis,
    Direction,
    Heading,
    Kind,
    Line,
    Measure,
    Needs,
    Parts,
)
from monitoring.measures.facts import Facts
from monitoring.measures.lines import total_of
from referrals.models import Visit

_DELIVERED = ~Q(outcome=Visit.Outcome.NOT_DONE)


def _delivered_lines(facts: Facts) -> Iterator[Line]:
    planned = dict(facts.planned.values_list("person_id").annotate(count=Count("pk")).order_by())
    delivered = dict(
        facts.visits.filter(_DELIVERED, planned__held_at_start=True)
        .values_list("person_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for person in planned.keys() | delivered.keys():
        yield Line(person, Decimal(delivered.get(person, 0)), Decimal(planned.get(person, 0)))


def _delivered(facts: Facts) -> Parts:
    parts = total_of(_delivered_lines(facts))
    return Parts(parts.numerator, parts.denominator or Decimal(0), int(parts.denominator or 0))


def _not_delivered_because(reason: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        count = facts.visits.filter(outcome=Visit.Outcome.NOT_DONE, reason=reason).count()
        return Parts(Decimal(count), None, count)

    return compute


DELIVERED = Measure(
    code="OP-07",
    title="Planned visits that took place",
    answers="Does the help that was planned come?",
    numerator="Visits recorded as done or partly done, of those planned when the day began",
    denominator="Visits that the plans held when each day began",
    unit="share of planned visits",
    kind=Kind.SHARE,
    level="person, scheme, prison",
    basis=Basis.OURS,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Planned help is given, and the regime allows it",
    heading=Heading.QUALITY,
    needs=Needs.VISITS,
    adds=Adds.UP,
    compute=_delivered,
    lines=_delivered_lines,
    by=EVERYTHING,
)


def _reason_measure(letter: str, reason: Visit.Reason, title: str) -> Measure:
    return Measure(
        code=f"OP-08{letter}",
        title=title,
        answers="Why did planned help not come?",
        numerator=f"Visits recorded as not done with the reason “{reason.label}”",
        unit="visits",
        kind=Kind.COUNT,
        level="scheme, prison",
        provider="buddy log, staff",
        basis=Basis.DOMAIN,
        expectation="Planned help is given, and the regime allows it",
        heading=Heading.QUALITY,
        needs=Needs.VISITS,
        adds=Adds.UP,
        compute=_not_delivered_because(reason.value),
    )


NOT_DELIVERED = (
    _reason_measure("a", Visit.Reason.NOT_UNLOCKED, "Visits that did not happen: not unlocked"),
    _reason_measure("b", Visit.Reason.BUDDY_ABSENT, "Visits that did not happen: buddy away"),
    _reason_measure("c", Visit.Reason.DECLINED, "Visits that did not happen: the person did not want it"),
    _reason_measure("d", Visit.Reason.STAFF_REFUSED, "Visits that did not happen: staff said no"),
    _reason_measure("e", Visit.Reason.OTHER, "Visits that did not happen: other reason"),
)
