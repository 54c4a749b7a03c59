"""How many people a drawn prison holds, month by month: counted for it, since a part of another's would not add up."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random

from buddyscheme.accounts.models import Membership
from buddyscheme.demo.drawn.places import Drawn
from buddyscheme.demo.returns import groups_of
from buddyscheme.lib.dates import london_moment, month_of
from monitoring.models import Population, PopulationCount


def count_people(drawn: Drawn, until: datetime) -> None:
    """In the months for which the told prison has a count."""
    rng = Random(f"{drawn.code}:counts")
    told = Population.objects.filter(prison=drawn.template.code).order_by("month", "id")
    lead = Membership.objects.filter(prison=drawn.code, role="LEAD").values_list("user_id", flat=True).order_by("id")[0]
    counted = []
    for month, total in told.values_list("month", "total"):
        span = month_of(month)
        counted.append(
            Population(
                prison_id=drawn.code,
                month=month,
                total=max(20, round(total * drawn.ways.size) + rng.randint(-6, 6)),
                source="Population report of the prison",
                counted_on=span.last,
                entered_at=min(london_moment(span.end + timedelta(days=2), time(10, 0)), until),
                entered_by_id=lead,
            )
        )
    PopulationCount.objects.bulk_create(
        PopulationCount(prison_id=drawn.code, population=row, by=by, group=group, count=count)
        for row in Population.objects.bulk_create(counted)
        for (by, group), count in groups_of(row.total, women=drawn.women).items()
    )
