"""What a count of a prison's people can be."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.dates import Month
from buddyscheme.lib.errors import NotAllowed
from monitoring.population_file import ENTERED, FILE_ALONE, MOST_PEOPLE, Counts

OLDEST = timedelta(days=3 * 366)


def check_population(*, month: Month, total: int, counts: Counts, source: str, counted_on: date, today: date) -> None:
    """A month that has begun, a day in or shortly after it, a source, and groups that add up to the total."""
    if month.first > today or month.last < today - OLDEST:
        raise NotAllowed("Choose a month of the last three years.", field="month")
    if not 1 <= total <= MOST_PEOPLE:
        raise NotAllowed(f"Enter the people of the prison as a whole number from 1 to {MOST_PEOPLE:,}.", field="total")
    if not source.strip():
        raise NotAllowed("Say where the count comes from.", field="source")
    if counted_on > today:
        raise NotAllowed("The day of the count cannot be after today.", field="counted_on")
    if not month.first - timedelta(days=7) <= counted_on <= month.last + timedelta(days=62):
        raise NotAllowed(f"The day of the count must be in {month} or within two months after it.", field="counted_on")
    for by in (*(each.value for each in ENTERED), *FILE_ALONE):
        groups = {group: count for (which, group), count in counts.items() if which == by}
        together = sum(groups.values())
        if groups and together != total:
            raise NotAllowed(
                f"The groups by {by} come to {together}, and the prison holds {total}. Put those who are missing under "
                "“Not known”.",
                field=f"{by}_unknown" if by not in FILE_ALONE else "total",
            )
