"""Personal care that somebody needed and did not get."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from buddyscheme.lib.dates import london_today
from monitoring.measures.definition import EQUALITY, Adds, Basis, Direction, Every, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.journey import by_person, unmet_needs
from monitoring.measures.lines import total_of
from referrals.models import PlanReview


def _days_of_people(facts: Facts) -> Iterable[Line]:
    first, after = facts.span.first, facts.span.last + timedelta(days=1)
    days: dict[int, set[int]] = {}
    for need in facts.once(unmet_needs):
        begin, end = max(need.known_on, first), min(need.ended_on or after, after)
        if begin < end:
            days.setdefault(need.person, set()).update(range(begin.toordinal(), end.toordinal()))
    return [Line(person, Decimal(len(theirs))) for person, theirs in sorted(days.items())]


def _person_days(facts: Facts) -> Parts:
    return total_of(_days_of_people(facts))


def _unmet_at_review(facts: Facts) -> Parts:
    rows = PlanReview.objects.for_prison(facts.prison).filter(reviewed_at__gte=facts.begins, reviewed_at__lt=facts.ends)
    reviews = rows.order_by("id").values_list("plan__person_id", "reviewed_at")
    needs = by_person(facts.once(unmet_needs))
    unmet = [any(need.open_on(london_today(at)) for need in needs.get(person, [])) for person, at in reviews]
    return Parts(Decimal(sum(unmet)), Decimal(len(unmet)), len(unmet))


UNMET_PERSON_DAYS = Measure(
    code="BS-01",
    title="Days of unmet personal care",
    answers="For how many days did people go without the personal care they need?",
    numerator=(
        "Days on which a person had at least one unmet need for personal care, added up over people; "
        "the day it became known counts, the day it was met or the person left does not"
    ),
    unit="person-days",
    kind=Kind.COUNT,
    level="person, prison, national",
    provider="lead",
    basis=Basis.BESIDE,
    direction=Direction.LOWER,
    expectation="Needs for personal care are met by trained professionals without delay",
    heading=Heading.NEED,
    adds=Adds.UP,
    compute=_person_days,
    lines=_days_of_people,
    by=EQUALITY,
)

UNMET_AT_REVIEW = Measure(
    code="OU-13",
    title="Reviews at which personal care was still unmet",
    answers="Do people still go without care when their help is looked at again?",
    numerator="Of these, reviews of a person with an unmet need that was known by that day and by the end of that day "
    "neither met nor left behind",
    denominator="Reviews of plans that were held on a day of the period",
    unit="share of reviews",
    kind=Kind.SHARE,
    level="person, prison",
    provider="lead",
    frequency="six-monthly",
    every=Every.QUARTER,
    basis=Basis.DOMAIN,
    direction=Direction.LOWER,
    minimum_n=10,
    expectation="Needs for personal care are met by trained professionals without delay",
    heading=Heading.OUTCOMES,
    adds=Adds.UP,
    compute=_unmet_at_review,
)
