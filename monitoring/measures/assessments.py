"""What was put to the council and to healthcare, what they decided, and how long that took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from monitoring.measures.definition import Adds, Basis, Direction, Every, Heading, Kind, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.medians import median_of
from referrals.models import AssessmentRequest

ASSESSED = "Needs are assessed together with the council and healthcare, without delay"
WORDS = {AssessmentRequest.Body.COUNCIL: "the council", AssessmentRequest.Body.HEALTHCARE: "healthcare"}


@dataclass(frozen=True)
class Request:
    """An assessment that was asked for."""

    body: str
    asked_on: date
    decided_on: date | None
    decision: str
    closed_on: date | None

    def waits_on(self, day: date) -> bool:
        """Whether it is neither decided nor closed at the end of that day."""
        return self.asked_on <= day and all(each is None or each > day for each in (self.decided_on, self.closed_on))


def _requests(facts: Facts) -> list[Request]:
    rows = AssessmentRequest.objects.for_prison(facts.prison).filter(asked_on__lte=facts.span.last).order_by("id")
    return [Request(*row) for row in rows.values_list("body", "asked_on", "decided_on", "decision", "closed_on")]


def _of(facts: Facts, body: str) -> Iterator[Request]:
    return (each for each in facts.once(_requests) if each.body == body)


def _within(facts: Facts, day: date | None) -> bool:
    return day is not None and facts.span.first <= day <= facts.span.last


def _count(counts: Callable[[Facts, Request], bool], body: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        count = sum(counts(facts, each) for each in _of(facts, body))
        return Parts(Decimal(count), None, count)

    return compute


def _typical_wait(body: str) -> Callable[[Facts], Parts | None]:
    def compute(facts: Facts) -> Parts | None:
        return median_of(_wait(facts, each) for each in _of(facts, body) if _within(facts, each.asked_on))

    return compute


def _wait(facts: Facts, each: Request) -> tuple[int, bool]:
    """Days as far as it is followed, and whether it was decided by then. A decision counts before a close."""
    ends = [day for day in (each.decided_on, each.closed_on) if day is not None and day <= facts.followed_to]
    until = min(ends, default=facts.followed_to)
    return (until - each.asked_on).days, bool(ends) and each.decided_on == until


def _eligible(facts: Facts) -> Parts:
    decided = [each for each in _of(facts, AssessmentRequest.Body.COUNCIL) if _within(facts, each.decided_on)]
    eligible = sum(each.decision == AssessmentRequest.Decision.ELIGIBLE for each in decided)
    return Parts(Decimal(eligible), Decimal(len(decided)), len(decided))


def _measures(letters: tuple[str, str, str, str], body: AssessmentRequest.Body) -> Iterator[Measure]:
    asked, decided, waiting, wait = letters
    who = WORDS[body]
    shared: dict[str, Any] = {
        "answers": f"Does {who} assess people without delay?",
        "level": "prison, national",
        "provider": "council, lead" if body is AssessmentRequest.Body.COUNCIL else "healthcare, lead",
        "basis": Basis.DOMAIN,
        "expectation": ASSESSED,
        "heading": Heading.NEED,
    }
    yield Measure(
        code=f"OP-11{asked}",
        title=f"Assessments asked of {who}",
        numerator=f"Requests to {who} that were made on a day of the period",
        unit="requests",
        kind=Kind.COUNT,
        adds=Adds.UP,
        compute=_count(lambda facts, each: _within(facts, each.asked_on), body),
        **shared,
    )
    yield Measure(
        code=f"OP-11{decided}",
        title=f"Assessments decided by {who}",
        numerator=f"Requests to {who} whose decision is dated on a day of the period",
        unit="requests",
        kind=Kind.COUNT,
        adds=Adds.UP,
        compute=_count(lambda facts, each: _within(facts, each.decided_on), body),
        **shared,
    )
    yield Measure(
        code=f"OP-11{waiting}",
        title=f"Assessments waiting for {who} at the end of the period",
        numerator=f"Requests to {who} made by the last day of the period that were neither decided nor closed by the "
        "end of that day",
        unit="requests",
        kind=Kind.COUNT,
        direction=Direction.LOWER,
        adds=Adds.LAST,
        compute=_count(lambda facts, each: each.waits_on(facts.span.last), body),
        **shared,
    )
    yield Measure(
        code=f"OP-11{wait}",
        title=f"Typical wait for a decision of {who}",
        numerator=f"Kaplan–Meier median of the days from a request to {who} to its decision, of the requests made on a "
        "day of the period; one that was closed before is censored on that day, one still open on the last day "
        "followed, two weeks after the period",
        unit="days",
        kind=Kind.WAIT,
        direction=Direction.LOWER,
        minimum_n=10,
        compute=_typical_wait(body),
        typical=median_of,
        followed=True,
        **shared,
    )


ASSESSMENTS = (
    *_measures(("a", "b", "c", "d"), AssessmentRequest.Body.COUNCIL),
    *_measures(("e", "f", "g", "h"), AssessmentRequest.Body.HEALTHCARE),
)
ELIGIBLE = Measure(
    code="OP-12",
    title="Found eligible by the council",
    answers="How many of those assessed have a right to care?",
    numerator="Of these, decisions “Eligible”",
    denominator="Requests to the council whose decision is dated on a day of the period",
    unit="share of decisions",
    kind=Kind.SHARE,
    level="prison, national",
    provider="council",
    frequency="quarterly",
    every=Every.QUARTER,
    basis=Basis.DOMAIN,
    minimum_n=10,
    expectation=ASSESSED,
    heading=Heading.NEED,
    adds=Adds.UP,
    compute=_eligible,
)
