"""Entering how many people a prison holds."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Month, london_today
from buddyscheme.outbox.publish import month_changed
from monitoring.models import Population, PopulationCount
from monitoring.population_file import Counts
from monitoring.queries.population import counts_of, from_a_file, newest_of
from monitoring.rules.population import check_population


@transaction.atomic
def enter_population(
    *, by: Actor, now: datetime, prison: Prison, month: Month, total: int, counts: Counts, source: str, counted_on: date
) -> Population:
    """The count of one month as a whole: it takes the place of what was entered for the month before.

    Religion and sexual orientation come from a file; where this count has none, those of the month's last one stay.
    """
    kept = from_a_file(counts) or from_a_file(counts_of(newest_of(prison, month)))
    known = {**{key: count for key, count in counts.items() if key not in kept}, **kept}
    check_population(
        month=month, total=total, counts=known, source=source, counted_on=counted_on, today=london_today(now)
    )
    row: Population = Population.objects.create(
        prison=prison,
        month=month.first,
        total=total,
        source=source.strip(),
        counted_on=counted_on,
        entered_at=now,
        entered_by=by.user,
    )
    PopulationCount.objects.bulk_create(
        [
            PopulationCount(prison=prison, population=row, by=which, group=group, count=count)
            for (which, group), count in sorted(known.items())
        ]
    )
    record(Event.POPULATION_ENTERED, by=by, prison=prison.code, subject=row, month=month.code, total=total)
    month_changed(prison.code, [month.first])
    return row
