"""Whether planned help came, and why not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from monitoring.measures.definition import Adds, Direction, Kind, Measure, Needs, Parts, Span
from referrals.models import PlannedVisit, Visit


def newest_visits(span: Span) -> QuerySet[Visit]:
    """Visits of the span's days, each in its newest version."""
    return Visit.objects.for_prison(span.prison_code).filter(
        ~Exists(Visit.objects.filter(replaces=OuterRef("pk"))), day__gte=span.first, day__lte=span.last
    )


def planned_at_start(span: Span) -> QuerySet[PlannedVisit]:
    """What the plans held when each day began."""
    return PlannedVisit.objects.for_prison(span.prison_code).filter(
        held_at_start=True, day__gte=span.first, day__lte=span.last
    )


def _delivered(span: Span) -> Parts:
    planned = planned_at_start(span).count()
    delivered = newest_visits(span).filter(planned__held_at_start=True).exclude(outcome=Visit.Outcome.NOT_DONE).count()
    return Parts(Decimal(delivered), Decimal(planned), planned)


def _not_delivered_because(reason: str) -> Callable[[Span], Parts]:
    def compute(span: Span) -> Parts:
        count = newest_visits(span).filter(outcome=Visit.Outcome.NOT_DONE, reason=reason).count()
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
    provider="system",
    frequency="monthly",
    basis="our reconstruction",
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Planned help is given, and the regime allows it",
    heading="Quality and safety of help",
    needs=Needs.VISITS,
    adds=Adds.UP,
    compute=_delivered,
)


def _reason_measure(letter: str, reason: Visit.Reason, title: str) -> Measure:
    return Measure(
        code=f"OP-08{letter}",
        title=title,
        answers="Why did planned help not come?",
        numerator=f"Visits recorded as not done with the reason “{reason.label}”",
        denominator="",
        unit="visits",
        kind=Kind.COUNT,
        level="scheme, prison",
        provider="buddy log, staff",
        frequency="monthly",
        basis="domain named",
        direction=Direction.NONE,
        minimum_n=0,
        expectation="Planned help is given, and the regime allows it",
        heading="Quality and safety of help",
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
