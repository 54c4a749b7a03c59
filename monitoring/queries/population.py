"""Counts of a prison's people."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Population, PopulationCount, Release, ReleaseFigure
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


def imported_in(release: Release) -> dict[str, Counts]:
    """By prison of a release: what a file said alone, of the newest month of its period that has such counts.

    As it was known when the period was first published: what was entered later changes no page of a release, and a
    correction says the same as what it corrects. Run on behalf of a national reader.
    """
    first = release
    while first.replaces is not None:
        first = first.replaces
    about = ReleaseFigure.objects.filter(release=release, about__isnull=False).values("about_id")
    with scoped(DatabaseRole.NATIONAL):
        holding = PopulationCount.objects.filter(population=OuterRef("pk"), by__in=FILE_ALONE)
        newest = (
            Population.objects.filter(
                Exists(holding),
                prison_id__in=about,
                month__gte=release.first_day,
                month__lte=release.last_day,
                entered_at__lte=first.published_at,
            )
            .order_by("prison_id", "-month", "-id")
            .distinct("prison_id")
        )
        rows = PopulationCount.objects.filter(population_id__in=list(newest.values_list("pk", flat=True)))
        found: dict[str, Counts] = {}
        for prison, by, group, count in rows.filter(by__in=FILE_ALONE).values_list("prison_id", "by", "group", "count"):
            found.setdefault(prison, {})[by, group] = count
    return found
