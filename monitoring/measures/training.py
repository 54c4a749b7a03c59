"""Whether buddies are trained, and stay so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from monitoring.measures.definition import Adds, Basis, By, Direction, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.lines import total_of
from schemes.models import Buddy
from training.models import Attendance, ClassSession, ModuleResult
from training.rules.results import TRAINABLE

S = Buddy.Status
PASSED = ModuleResult.Outcome.PASSED


def _newest(facts: Facts, *, before: date | None = None) -> dict[tuple[int, str], Any]:
    """The newest result of each (buddy, module) up to the span's last day, or before a day."""
    return {(row[0], row[1]): row for row in facts.results if before is None or row[3] < before}


def _holds(row: Any, day: date) -> bool:
    """Whether a result counts on the day; its last day still does."""
    return row is not None and row[2] == PASSED and (row[4] is None or row[4] >= day)


def _trainable(facts: Facts) -> list[int]:
    """Everybody who is to be trained at the end of the span: as the training board has them."""
    return sorted(
        pk
        for pk, status in facts.status.items()
        if status in TRAINABLE or (status == S.CHECKS and facts.buddies[pk].source == Buddy.Source.TAKE_OVER)
    )


def _passed_of_due(facts: Facts) -> Parts:
    first, last = facts.span.first, facts.span.last
    before, now = _newest(facts, before=first), _newest(facts)
    due = [
        pair
        for pair in ((pk, code) for pk in _trainable(facts) for code in facts.mandatory)
        if not _holds(before.get(pair), first) or (before[pair][4] is not None and before[pair][4] <= last)
    ]
    passed = sum(_holds(now.get(pair), last) and now[pair][3] >= first for pair in due)
    return Parts(Decimal(passed), Decimal(len(due)), len(due))


PASSED_OF_DUE = Measure(
    code="OP-16a",
    title="Modules passed of those due",
    answers="Are buddies trained when they should be?",
    numerator="Of these, modules that were passed in the period and hold on its last day",
    denominator="Mandatory modules of everybody who at the end of the period is in training, active, suspended or "
    "being taken over, one for each person and module, that did not hold when the period began or whose last day was "
    "in the period. The modules are those that were mandatory at the end of the period",
    unit="share of modules due",
    kind=Kind.SHARE,
    level="person, scheme, prison",
    provider="trainer",
    basis=Basis.DOMAIN,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Peers are trained before they help and stay trained",
    heading=Heading.PEERS,
    compute=_passed_of_due,
)


def _hours_given(facts: Facts) -> Parts:
    """Each person's newest mark in each class counts."""
    rows = (
        Attendance.objects.for_prison(facts.prison)
        .filter(
            session__status=ClassSession.Status.HELD,
            session__held_on__gte=facts.span.first,
            session__held_on__lte=facts.span.last,
        )
        .order_by("id")
        .values_list("session_id", "buddy_id", "there", "session__module__hours")
    )
    newest = {(session, buddy): hours if there else None for session, buddy, there, hours in rows}
    there = [hours for hours in newest.values() if hours is not None]
    return Parts(sum(there, Decimal(0)), None, len(there))


HOURS_GIVEN = Measure(
    code="OP-16b",
    title="Hours of training given",
    answers="How much training do buddies get?",
    numerator="Hours of the modules of classes held in the period, as the catalogue has them now, for each person who "
    "was there; a module without hours adds nothing",
    unit="hours of people in class",
    kind=Kind.COUNT,
    level="person, scheme, prison",
    provider="trainer",
    basis=Basis.DOMAIN,
    expectation="Peers are trained before they help and stay trained",
    heading=Heading.PEERS,
    adds=Adds.UP,
    compute=_hours_given,
)


def _first_passes(facts: Facts) -> dict[int, date]:
    """The day on which each buddy had passed every mandatory module once."""
    first: dict[int, dict[str, date]] = {}
    for buddy, code, outcome, assessed_on, _ in facts.results:
        if outcome == PASSED and code in facts.mandatory:
            first.setdefault(buddy, {}).setdefault(code, assessed_on)
    return {buddy: max(days.values()) for buddy, days in first.items() if len(days) == len(facts.mandatory)}


def _trained_at_last(facts: Facts) -> Parts:
    count = sum(facts.span.first <= day <= facts.span.last for day in _first_passes(facts).values())
    return Parts(Decimal(count), None, count)


NEWLY_TRAINED = Measure(
    code="OP-16c",
    title="Buddies who passed the last of the mandatory modules",
    answers="How many people finished their training?",
    numerator="People with a buddy’s record whose day of having passed each mandatory module at least once was in the "
    "period. The modules are those that were mandatory at the end of the period",
    unit="buddies",
    kind=Kind.COUNT,
    level="scheme, prison",
    provider="trainer",
    basis=Basis.DOMAIN,
    expectation="Peers are trained before they help and stay trained",
    heading=Heading.PEERS,
    compute=_trained_at_last,
)


def _in_date_lines(facts: Facts) -> Iterable[Line]:
    now, last = _newest(facts), facts.span.last
    for pk in facts.active:
        held = all(_holds(now.get((pk, code)), last) for code in facts.mandatory)
        yield Line(facts.buddies[pk].person, Decimal(held), Decimal(1))


def _in_date(facts: Facts) -> Parts:
    parts = total_of(_in_date_lines(facts))
    return Parts(parts.numerator, parts.denominator or Decimal(0), parts.n)


IN_DATE = Measure(
    code="OP-17",
    title="Training in date",
    answers="Is everybody who helps trained today?",
    numerator="Of these, buddies whose mandatory modules all hold on the period’s last day. The modules are those that "
    "were mandatory at the end of the period",
    denominator="Buddies whose status is active at the end of the period",
    unit="share of active buddies",
    kind=Kind.SHARE,
    level="scheme, prison",
    basis=Basis.OURS,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation="Peers are trained before they help and stay trained",
    heading=Heading.PEERS,
    adds=Adds.LAST,
    compute=_in_date,
    lines=_in_date_lines,
    by=frozenset({By.WING}),
)


def _modules_passed(facts: Facts) -> Parts:
    first = facts.span.first
    pairs = {(row[0], row[1]) for row in facts.results if row[2] == PASSED and row[3] >= first}
    return Parts(Decimal(len(pairs)), None, len(pairs))


MODULES_PASSED = Measure(
    code="OU-08",
    title="Modules passed",
    answers="What do buddies learn that they can show to an employer?",
    numerator="Modules, mandatory or not, that a person with a buddy’s record passed in the period, each once for each "
    "person however often it was passed. A result that was corrected or taken back does not count",
    unit="modules",
    kind=Kind.COUNT,
    level="person, scheme",
    provider="trainer",
    frequency="at events",
    basis=Basis.DOMAIN,
    expectation="The role builds skills for work",
    heading=Heading.OUTCOMES,
    compute=_modules_passed,
)
