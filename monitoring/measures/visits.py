"""Whether planned help came and why not, and how much help was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from django.db.models import Count, Sum

from monitoring.measures.definition import (
    EVERYTHING,
    Adds,
    Basis,
    By,
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
from schemes.models import TaskKind

GIVEN = "Planned help is given, and the regime allows it"


def _planned(facts: Facts) -> dict[int, int]:
    """How many visits of each person the plans held when each day began."""
    return dict(facts.planned.values_list("person_id").annotate(count=Count("pk")).order_by())


def _delivered_lines(facts: Facts) -> Iterator[Line]:
    planned = facts.once(_planned)
    delivered: dict[int, int] = {}
    for row in facts.visit_counts:
        if row.planned and row.outcome != Visit.Outcome.NOT_DONE:
            delivered[row.person] = delivered.get(row.person, 0) + row.visits
    for person in sorted(planned.keys() | delivered.keys()):
        yield Line(person, Decimal(delivered.get(person, 0)), Decimal(planned.get(person, 0)))


def _of_planned(lines: Iterable[Line]) -> Parts:
    parts = total_of(lines)
    return Parts(parts.numerator, parts.denominator or Decimal(0), int(parts.denominator or 0))


def _delivered(facts: Facts) -> Parts:
    return _of_planned(_delivered_lines(facts))


def _not_delivered_because(reason: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        rows = (row for row in facts.visit_counts if row.outcome == Visit.Outcome.NOT_DONE and row.reason == reason)
        count = sum(row.visits for row in rows)
        return Parts(Decimal(count), None, count)

    return compute


def _locked_lines(facts: Facts) -> Iterator[Line]:
    planned = facts.once(_planned)
    locked: dict[int, int] = {}
    for row in facts.visit_counts:
        if row.planned and row.reason == Visit.Reason.NOT_UNLOCKED:
            locked[row.person] = locked.get(row.person, 0) + row.visits
    for person in sorted(planned.keys() | locked.keys()):
        yield Line(person, Decimal(locked.get(person, 0)), Decimal(planned.get(person, 0)))


def _locked(facts: Facts) -> Parts:
    return _of_planned(_locked_lines(facts))


def _hour_lines(facts: Facts) -> Iterator[Line]:
    minutes: dict[int, int] = {}
    for row in facts.visit_counts:
        minutes[row.person] = minutes.get(row.person, 0) + row.minutes
    for person, theirs in sorted(minutes.items()):
        yield Line(person, Decimal(theirs) / 60)


def _hours(facts: Facts) -> Parts:
    people = sum(bool(line.numerator) for line in _hour_lines(facts))
    return Parts(Decimal(facts.minutes) / 60, None, people)


def minutes_by_group(facts: Facts) -> dict[str, Decimal]:
    """Minutes by the group of the tasks done. A visit's minutes go to its tasks in the proportion of their usual ones.

    Under nothing stands what no task was recorded for.
    """
    kinds = facts.readings.of(_kinds)
    rows = facts.visits.order_by().filter(minutes__gt=0).values_list("tasks_done").annotate(total=Sum("minutes"))
    found: dict[str, Decimal] = {}
    for codes, total in rows:
        done = [kinds[code] for code in codes if code in kinds] or [("", Decimal(1))]
        usual = sum(minutes for _, minutes in done)
        for group, minutes in done:
            share = minutes / usual if usual else Decimal(1) / len(done)
            found[group] = found.get(group, Decimal(0)) + total * share
    return found


def _kinds(_: str) -> dict[str, tuple[str, Decimal]]:
    """The group and the usual minutes of each task."""
    rows = TaskKind.objects.values_list("code", "group", "minutes")
    return {code: (group, Decimal(usual)) for code, group, usual in rows}


def _hours_of(group: str) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        hours = facts.once(minutes_by_group).get(group, Decimal(0)) / 60
        return Parts(hours, None, int(hours.to_integral_value()))

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
    expectation=GIVEN,
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
        expectation=GIVEN,
        heading=Heading.QUALITY,
        needs=Needs.VISITS,
        adds=Adds.UP,
        compute=_not_delivered_because(reason.value),
    )


NOT_UNLOCKED = Measure(
    code="OP-08f",
    title="Not unlocked, for every 100 planned visits",
    answers="On which wings does help fail because doors stay locked?",
    numerator="Visits recorded as not done with the reason “Not unlocked”, of those planned when the day began",
    denominator="Visits that the plans held when each day began",
    unit="visits for every 100 planned visits",
    kind=Kind.RATE,
    level="scheme, prison",
    provider="buddy log, staff",
    basis=Basis.DOMAIN,
    direction=Direction.LOWER,
    minimum_n=10,
    expectation=GIVEN,
    heading=Heading.QUALITY,
    needs=Needs.VISITS,
    adds=Adds.UP,
    compute=_locked,
    lines=_locked_lines,
    by=frozenset({By.WING}),
    per=100,
)
NOT_DELIVERED = (
    _reason_measure("a", Visit.Reason.NOT_UNLOCKED, "Visits that did not happen: not unlocked"),
    _reason_measure("b", Visit.Reason.BUDDY_ABSENT, "Visits that did not happen: buddy away"),
    _reason_measure("c", Visit.Reason.DECLINED, "Visits that did not happen: the person did not want it"),
    _reason_measure("d", Visit.Reason.STAFF_REFUSED, "Visits that did not happen: staff said no"),
    _reason_measure("e", Visit.Reason.OTHER, "Visits that did not happen: other reason"),
    NOT_UNLOCKED,
)

# The catalogue's groups, in its order; the last one holds what a scheme may do with approval.
TASK_GROUPS = (
    "Around the cell",
    "Getting about",
    "Reading, writing, talking",
    "Company",
    "Looking out",
    "At the end of life",
    "Infection",
    "Needs approval",
)


def _group_measure(letter: str, group: str) -> Measure:
    named = group[:1].lower() + group[1:] if group else "no task recorded"
    numerator = (
        f"Minutes of visits that belong to tasks of the group “{group}”, divided by 60. The minutes of a visit are "
        "divided over its tasks done in proportion to their usual minutes"
        if group
        else "Minutes of visits for which no task was recorded as done, divided by 60"
    )
    return Measure(
        code=f"OP-06{letter}",
        title=f"Support hours: {named}",
        answers="What is the time of buddies spent on?",
        numerator=numerator,
        unit="hours",
        kind=Kind.COUNT,
        level="buddy, person, scheme, prison",
        provider="buddy log, staff",
        basis=Basis.OURS,
        expectation=GIVEN,
        heading=Heading.QUALITY,
        needs=Needs.VISITS,
        adds=Adds.UP,
        compute=_hours_of(group),
    )


HOURS = (
    Measure(
        code="OP-06a",
        title="Support hours",
        answers="How much help do buddies give?",
        numerator="Minutes of the visits of the period, divided by 60",
        unit="hours",
        kind=Kind.COUNT,
        level="buddy, person, scheme, prison",
        provider="buddy log, staff",
        basis=Basis.OURS,
        expectation=GIVEN,
        heading=Heading.QUALITY,
        needs=Needs.VISITS,
        adds=Adds.UP,
        compute=_hours,
        lines=_hour_lines,
        by=EVERYTHING,
    ),
    *(_group_measure(letter, group) for letter, group in zip("bcdefghij", (*TASK_GROUPS, ""), strict=True)),
)
