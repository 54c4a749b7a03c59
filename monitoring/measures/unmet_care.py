"""Days on which somebody needed personal care and did not get it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import Q
from django.db.models.functions import Coalesce

from monitoring.measures.definition import Adds, Direction, Kind, Measure, Needs, Parts, Span
from referrals.models import UnmetNeed


def _person_days(span: Span) -> Parts:
    needs = (
        UnmetNeed.objects.for_prison(span.prison_code)
        .annotate(ended_on=Coalesce("met_on", "left_on"))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=span.first), known_on__lte=span.last)
        .values_list("person_id", "known_on", "ended_on")
    )
    days = set()
    for person_id, known_on, ended_on in needs:
        day = max(known_on, span.first)
        end = min(ended_on or span.last + timedelta(days=1), span.last + timedelta(days=1))
        while day < end:
            days.add((person_id, day))
            day += timedelta(days=1)
    return Parts(Decimal(len(days)), None, len({person_id for person_id, _ in days}))


UNMET_PERSON_DAYS = Measure(
    code="BS-01",
    title="Days of unmet personal care",
    answers="For how many days did people go without the personal care they need?",
    numerator=(
        "Days on which a person had at least one unmet need for personal care, added up over people; "
        "the day it became known counts, the day it was met or the person left does not"
    ),
    denominator="",
    unit="person-days",
    kind=Kind.COUNT,
    level="person, prison, national",
    provider="lead",
    frequency="monthly",
    basis="ours, beside the guide's items",
    direction=Direction.LOWER,
    minimum_n=0,
    expectation="Needs for personal care are met by trained professionals without delay",
    heading="Identifying need, access and timeliness",
    needs=Needs.ANYTHING,
    adds=Adds.UP,
    compute=_person_days,
)
