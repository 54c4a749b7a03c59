"""Falls, and what happened to people who are helped for every day of help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from buddyscheme.lib.dates import london_today, minutes_between
from monitoring.measures.concerns import happened
from monitoring.measures.definition import Adds, Basis, By, Direction, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.journey import by_person, helps
from monitoring.measures.medians import plain_median
from referrals.models import Concern, Fall

SAFE = "People are safe from harm, and staff come quickly when somebody falls"


@dataclass(frozen=True)
class Fell:
    """A fall with its times."""

    person: int
    found_at: datetime
    alarm_at: datetime
    staff_at: datetime | None
    up_at: datetime | None


def falls(facts: Facts) -> list[Fell]:
    """Falls of the span."""
    rows = Fall.objects.for_prison(facts.prison).filter(found_at__gte=facts.begins, found_at__lt=facts.ends)
    return [
        Fell(*row) for row in rows.order_by("id").values_list("person_id", "found_at", "alarm_at", "staff_at", "up_at")
    ]


def _lines(facts: Facts) -> Iterable[Line]:
    counts = Counter(fall.person for fall in facts.once(falls))
    return [Line(person, Decimal(count)) for person, count in sorted(counts.items())]


def _count(facts: Facts) -> Parts:
    count = len(facts.once(falls))
    return Parts(Decimal(count), None, count)


def _until_staff(facts: Facts) -> Parts | None:
    rows = [(fall.alarm_at, fall.staff_at) for fall in facts.once(falls)]
    return plain_median((max(minutes_between(alarm, came), 0), True) for alarm, came in rows if came is not None)


def _until_up(facts: Facts) -> Parts | None:
    rows = [(fall.found_at, fall.up_at) for fall in facts.once(falls)]
    return plain_median((minutes_between(found, up), True) for found, up in rows if up is not None)


def days_of_help(facts: Facts) -> dict[int, set[int]]:
    """Of each person the days of the span with a running match, as ordinals."""
    first, last = facts.span.first, facts.span.last
    days: dict[int, set[int]] = {}
    for each in facts.once(helps):
        begin, end = max(each.first, first), last if each.last is None else min(each.last, last)
        if begin <= end:
            days.setdefault(each.person, set()).update(range(begin.toordinal(), end.toordinal() + 1))
    return days


def _for_days_of_help(events: Callable[[Facts], Iterable[tuple[int, date]]]) -> Callable[[Facts], Parts]:
    def compute(facts: Facts) -> Parts:
        helped = by_person(facts.once(helps))
        days = sum(len(theirs) for theirs in facts.once(days_of_help).values())
        counted = sum(any(each.ran_on(day) for each in helped.get(person, [])) for person, day in events(facts))
        return Parts(Decimal(counted), Decimal(days), counted)

    return compute


def _fall_days(facts: Facts) -> Iterable[tuple[int, date]]:
    return [(fall.person, london_today(fall.found_at)) for fall in facts.once(falls)]


def _harm_days(facts: Facts) -> Iterable[tuple[int, date]]:
    harm = (Concern.Kind.ASSAULT, Concern.Kind.SELF_HARM)
    return [
        (concern.person, concern.on)
        for concern in facts.once(happened)
        if concern.kind in harm and concern.person is not None
    ]


FALLS = (
    Measure(
        code="OP-24a",
        title="Falls recorded",
        answers="How often do people fall?",
        numerator="Falls that were found on a day of the period",
        unit="falls",
        kind=Kind.COUNT,
        level="person, prison",
        provider="buddy, staff",
        basis=Basis.DOMAIN,
        # Few falls may mean that nobody records them: no way is good.
        expectation=SAFE,
        heading=Heading.QUALITY,
        adds=Adds.UP,
        compute=_count,
        lines=_lines,
        by=frozenset({By.WING}),
    ),
    Measure(
        code="OP-24b",
        title="Minutes from the alarm to staff, after a fall",
        answers="How quickly do staff come when somebody falls?",
        numerator="Median of the whole minutes from the alarm to staff, nought where staff were there first, of the "
        "falls found on a day of the period for which it is recorded when staff came",
        unit="minutes",
        kind=Kind.WAIT,
        level="person, prison",
        provider="buddy, staff",
        basis=Basis.DOMAIN,
        direction=Direction.LOWER,
        minimum_n=10,
        expectation=SAFE,
        heading=Heading.QUALITY,
        compute=_until_staff,
        typical=plain_median,
    ),
    Measure(
        code="OP-24c",
        title="Minutes from being found to being up, after a fall",
        answers="How long do people lie after a fall?",
        numerator="Median of the whole minutes from being found to being up, of the falls found on a day of the period "
        "for which it is recorded when the person was up",
        unit="minutes",
        kind=Kind.WAIT,
        level="person, prison",
        provider="buddy, staff",
        basis=Basis.DOMAIN,
        # Up quickly is no aim: nobody is lifted before they have been looked at.
        minimum_n=10,
        expectation=SAFE,
        heading=Heading.QUALITY,
        compute=_until_up,
        typical=plain_median,
    ),
)
DAYS_OF_HELP = (
    "Days of the period on which a person had a match that had started by that day and had not ended before it, "
    "added up over people"
)
HARM = (
    Measure(
        code="OU-12a",
        title="Falls for every 1,000 days of help",
        answers="Are people who are helped safe from falls?",
        numerator="Falls found on a day of the period of people who had a running match on that day",
        denominator=DAYS_OF_HELP,
        unit="falls for every 1,000 days of help",
        kind=Kind.RATE,
        level="person, prison",
        provider="prison",
        basis=Basis.OURS,
        minimum_n=10,
        expectation=SAFE,
        heading=Heading.OUTCOMES,
        adds=Adds.UP,
        compute=_for_days_of_help(_fall_days),
        per=1000,
    ),
    Measure(
        code="OU-12b",
        title="Assaults and self-harm for every 1,000 days of help",
        answers="Are people who are helped safe from others and from themselves?",
        numerator="Concerns of the kinds “An assault” and “Risk of self-harm” that happened on a day of the period, "
        "about a person who had a running match on that day",
        denominator=DAYS_OF_HELP,
        unit="concerns for every 1,000 days of help",
        kind=Kind.RATE,
        level="person, prison",
        provider="prison",
        basis=Basis.OURS,
        minimum_n=10,
        expectation=SAFE,
        heading=Heading.OUTCOMES,
        adds=Adds.UP,
        compute=_for_days_of_help(_harm_days),
        per=1000,
    ),
)
