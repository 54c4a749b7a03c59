"""Days on which somebody needed personal care and did not get it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Coalesce

from monitoring.measures.definition import EQUALITY, Adds, Basis, Direction, Heading, Kind, Line, Measure, Parts
from monitoring.measures.facts import Facts
from monitoring.measures.lines import total_of
from referrals.models import UnmetNeed


def _days_of_people(facts: Facts) -> Iterable[Line]:
    first, last = facts.span.first, facts.span.last
    needs = (
        UnmetNeed.objects.for_prison(facts.prison)
        .annotate(ended_on=Coalesce("met_on", "left_on"))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=first), known_on__lte=last)
        .values_list("person_id", "known_on", "ended_on")
    )
    days: dict[int, set[int]] = {}
    for person_id, known_on, ended_on in needs:
        begin = max(known_on, first)
        end = min(ended_on or last + timedelta(days=1), last + timedelta(days=1))
        days.setdefault(person_id, set()).update(range(begin.toordinal(), end.toordinal()))
    return [Line(person_id, Decimal(len(theirs))) for person_id, theirs in sorted(days.items())]


def _person_days(facts: Facts) -> Parts:
    return total_of(_days_of_people(facts))


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
