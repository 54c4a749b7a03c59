"""Counts of a prison's people."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month
from monitoring.models import Population, PopulationCount
from monitoring.population_file import FILE_ALONE, Counts


def newest_by_month(prison: Prison) -> list[Population]:
    """The newest count of each month, the newest month first."""
    rows: QuerySet[Population] = Population.objects.for_prison(prison).select_related("entered_by")
    return list(rows.order_by("-month", "-id").distinct("month"))


def newest_of(prison: Prison, month: Month | None = None) -> Population | None:
    """The newest count of a month, or of the last month that has one."""
    rows: QuerySet[Population] = Population.objects.for_prison(prison)
    if month is not None:
        rows = rows.filter(month=month.first)
    return rows.order_by("-month", "-id").first()


def counts_of(population: Population | None) -> Counts:
    """Its groups by (breakdown, group)."""
    if population is None:
        return {}
    rows = PopulationCount.objects.for_prison(population.prison_id).filter(population=population)
    return {(by, group): count for by, group, count in rows.values_list("by", "group", "count")}


def from_a_file(counts: Counts) -> Counts:
    """Those that come from a file alone."""
    return {key: count for key, count in counts.items() if key[0] in FILE_ALONE}
