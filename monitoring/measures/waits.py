"""How long it takes from referral to first support, with what ends a wait otherwise.

Those who moved, died or refused are neither helped late nor waiting: they are competing events of the share (Aalen and
Johansen 1978). The typical wait is that of Kaplan and Meier, in which they, like those who still wait, are censored:
a median of completed waits would look the better, the more people still wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitoring.measures.definition import (
    EQUALITY,
    Adds,
    Basis,
    Direction,
    Heading,
    Kind,
    Line,
    Measure,
    Parts,
)
from monitoring.measures.facts import Facts
from monitoring.measures.journey import Asked, Left, Planned, by_person, helps, leavings, plans, referrals
from monitoring.measures.medians import median_of

IN_TIME = 14
WAITS, SUPPORTED, OTHERWISE = 0, 1, 2
TIMELY = "People who need help are found and get it without waiting long"


@dataclass(frozen=True)
class Wait:
    """One referral's wait: days until it ended, and how."""

    person: int
    on: date
    days: int
    event: int

    @property
    def in_time(self) -> bool:
        """Whether help came within the time."""
        return self.event == SUPPORTED and self.days <= IN_TIME


def first_support(facts: Facts) -> list[Wait]:
    """The waits that began in the span, each as far as it is followed."""
    return list(_waits(facts))


def _waits(facts: Facts) -> Iterator[Wait]:
    helped, left, planned = (by_person(facts.once(read)) for read in (helps, leavings, plans))
    for asked in facts.once(referrals):
        theirs = helped.get(asked.person, [])
        if asked.repeats or any(each.first < asked.on and each.ran_on(asked.on) for each in theirs):
            continue
        support = min((each.first for each in theirs if each.first >= asked.on), default=date.max)
        others = _other_ends(asked, left.get(asked.person, []), planned.get(asked.person, []))
        other = min((day for day in others if day is not None), default=date.max)
        ended = min(support, other)
        if ended > facts.followed_to:
            yield Wait(asked.person, asked.on, (facts.followed_to - asked.on).days, WAITS)
        else:
            event = SUPPORTED if support <= other else OTHERWISE
            yield Wait(asked.person, asked.on, (ended - asked.on).days, event)


def _other_ends(asked: Asked, left: Iterable[Left], planned: Iterable[Planned]) -> Iterator[date | None]:
    yield asked.no_buddy_on
    yield from (each.on for each in left if each.ended_at >= asked.at)
    yield from (plan.stopped_on for plan in planned if plan.asked_at >= asked.at)


def _supported_in_time(facts: Facts) -> Parts | None:
    from monitoring.statistics import cumulative_incidence

    waits = facts.once(first_support)
    if not waits:
        return None
    curve = cumulative_incidence([wait.days for wait in waits], [wait.event for wait in waits])
    shares = [share for day, share in zip(curve.times, curve.probability, strict=True) if day <= IN_TIME]
    value = Decimal(str(shares[-1])) if shares else Decimal(0)
    return Parts(Decimal(sum(wait.in_time for wait in waits)), Decimal(len(waits)), len(waits), value)


def _lines(facts: Facts) -> Iterator[Line]:
    """Of a group the plain share, of referrals whose two weeks are over: with these nobody is censored."""
    for wait in facts.once(first_support):
        if (facts.followed_to - wait.on).days >= IN_TIME:
            yield Line(wait.person, Decimal(wait.in_time), Decimal(1))


def _typical_wait(facts: Facts) -> Parts | None:
    return median_of((wait.days, wait.event == SUPPORTED) for wait in facts.once(first_support))


COHORT = (
    "Referrals made on a day of the period that do not repeat an earlier one, of people with no match that had "
    "started before that day and had not ended before it"
)
SUPPORTED_IN_TIME = Measure(
    code="OP-10a",
    title="Supported within 14 days of the referral",
    answers="Does help come in time?",
    numerator="Of these, those whose first match from that day on started within 14 days, the fourteenth counted. The "
    "share is that of Aalen and Johansen at 14 days, followed until two weeks after the period; other ends, where they "
    "came on an earlier day: the person left the prison, screening ended without a buddy (not progressed, left, "
    "council or healthcare alone), the person refused a plan made since, or such a plan ended. A group’s figure is the "
    "plain share of referrals whose 14 days are over",
    denominator=COHORT,
    unit="share of referrals",
    kind=Kind.SHARE,
    level="scheme, prison, national",
    basis=Basis.OURS,
    direction=Direction.HIGHER,
    minimum_n=10,
    expectation=TIMELY,
    heading=Heading.NEED,
    adds=Adds.UP,
    compute=_supported_in_time,
    lines=_lines,
    by=EQUALITY,
    followed=True,
)
TYPICAL_WAIT = Measure(
    code="OP-10b",
    title="Typical wait from referral to first support",
    answers="How long does somebody usually wait for help?",
    numerator="Kaplan–Meier median of the days from referral to the first match from that day on, of the referrals of "
    "OP-10a; those that ended otherwise are censored on that day, and those still open on the last day followed, two "
    "weeks after the period",
    unit="days",
    kind=Kind.WAIT,
    level="scheme, prison, national",
    basis=Basis.OURS,
    direction=Direction.LOWER,
    minimum_n=10,
    expectation=TIMELY,
    heading=Heading.NEED,
    compute=_typical_wait,
    typical=median_of,
    followed=True,
)
