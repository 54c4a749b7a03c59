"""From an application to a place in the role."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from buddyscheme.lib.dates import london_today
from monitoring.measures.definition import (
    EQUALITY,
    Adds,
    Basis,
    By,
    Direction,
    Every,
    Heading,
    Kind,
    Line,
    Measure,
    Parts,
)
from monitoring.measures.facts import Facts
from monitoring.measures.lines import total_of
from monitoring.measures.medians import median_of
from schemes.models import Buddy, Clearance, Interview, Refusal
from schemes.models.scheme import Department

S = Buddy.Status
ENDED_EARLY = (S.WITHDRAWN, S.DECLINED)


def _each(people: Iterable[int]) -> Iterable[Line]:
    """One for every time that somebody is named."""
    return [Line(person, Decimal(times)) for person, times in sorted(Counter(people).items())]


def _applications(facts: Facts) -> Iterable[Line]:
    return _each(
        buddy.person
        for buddy in facts.buddies.values()
        if buddy.source == Buddy.Source.APPLICATION and facts.span.first <= buddy.applied_on <= facts.span.last
    )


def _interviews(facts: Facts) -> Iterable[Line]:
    rows = Interview.objects.for_prison(facts.prison).filter(
        held_on__gte=facts.span.first, held_on__lte=facts.span.last
    )
    return _each(rows.values_list("buddy__person_id", flat=True))


def _appointments(facts: Facts) -> Iterable[Line]:
    first = {step.buddy: step.at for step in reversed(facts.steps) if step.new == S.ACTIVE}
    return _each(facts.buddies[pk].person for pk, at in first.items() if facts.begins <= at <= facts.span.as_of)


def _refusals(facts: Facts) -> Iterable[Line]:
    rows = Refusal.objects.for_prison(facts.prison).filter(
        declined_at__gte=facts.begins, declined_at__lte=facts.span.as_of
    )
    return _each(rows.values_list("buddy__person_id", flat=True))


def _withdrawals(facts: Facts) -> Iterable[Line]:
    return _each(
        facts.buddies[step.buddy].person
        for step in facts.steps
        if step.new == S.WITHDRAWN and facts.begins <= step.at <= facts.span.as_of
    )


def _counted(lines: Callable[[Facts], Iterable[Line]]) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        parts = total_of(lines(facts))
        return Parts(parts.numerator, None, int(parts.numerator))

    return compute


def _recruited(
    letter: str, title: str, words: str, unit: str, lines: Callable[[Facts], Iterable[Line]], by: frozenset[By]
) -> Measure:
    return Measure(
        code=f"OP-14{letter}",
        title=title,
        answers="Do people come forward, and what becomes of their applications?",
        numerator=words,
        unit=unit,
        kind=Kind.COUNT,
        level="scheme",
        basis=Basis.DOMAIN,
        expectation="Peers are recruited openly and chosen fairly",
        heading=Heading.PEERS,
        adds=Adds.UP,
        compute=_counted(lines),
        lines=lines if by else None,
        by=by,
    )


NO_GROUPS: frozenset[By] = frozenset()
RECRUITMENT = (
    _recruited(
        "a", "Applications", "Applications with their date in the period; people taken over did not apply",
        "applications", _applications, EQUALITY,
    ),
    _recruited(
        "b", "Interviews", "Interviews held in the period that have an agreed result, each once however many gave "
        "scores",
        "interviews", _interviews, NO_GROUPS,
    ),
    _recruited(
        "c", "Appointments", "Buddies who became active for the first time in the period, those taken over among them, "
        "by the day on which that was recorded",
        "appointments", _appointments, EQUALITY,
    ),
    _recruited(
        "d", "Refusals", "Refusals given in the period, those that an appeal set aside among them",
        "refusals", _refusals, EQUALITY,
    ),
    _recruited(
        "e", "Withdrawals", "Applications, take-overs among them, that were withdrawn in the period, by the person or "
        "because the person left the prison",
        "withdrawals", _withdrawals, EQUALITY,
    ),
)  # fmt: skip


def _wait_for_security(facts: Facts) -> Parts | None:
    asked = (
        Clearance.objects.for_prison(facts.prison)
        .filter(
            department=Department.SECURITY,
            buddy__source=Buddy.Source.APPLICATION,
            buddy__applied_on__gte=facts.span.first,
            buddy__applied_on__lte=facts.span.last,
        )
        .order_by("buddy", "asked_at", "id")
        .distinct("buddy")
        .values_list("buddy_id", "decided_on")
    )
    ended = {step.buddy: step.at for step in reversed(facts.steps) if step.new in ENDED_EARLY}
    waits = []
    for pk, decided_on in asked:
        applied_on = facts.buddies[pk].applied_on
        if decided_on is not None and decided_on <= facts.followed_to:
            waits.append((max((decided_on - applied_on).days, 0), True))
        else:
            until = min(facts.followed_to, london_today(ended[pk])) if pk in ended else facts.followed_to
            waits.append((max((until - applied_on).days, 0), False))
    return median_of(waits)


WAIT_FOR_SECURITY = Measure(
    code="OP-15",
    title="From application to security’s decision",
    answers="How long do applicants wait for security?",
    numerator="Days after which half of the period’s applications had a decision by security, by Kaplan and Meier: "
    "from the date of the application to the date of the decision, cleared or not, on the first clearance that was "
    "asked of security; nought where the decision is older. An application without a decision counts as still waiting "
    "on the last day followed, 14 days after the period, or on the day on which it was withdrawn or refused if that "
    "is earlier",
    unit="days",
    kind=Kind.WAIT,
    level="scheme",
    frequency="quarterly",
    every=Every.QUARTER,
    basis=Basis.OURS,
    direction=Direction.LOWER,
    minimum_n=10,
    expectation="Checks protect people without stopping the scheme",
    heading=Heading.PEERS,
    compute=_wait_for_security,
    typical=median_of,
    followed=True,
)
