"""What changed after a release was published: which figures of which prisons, and no number of any of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Period, Quarter, Year, parse_period
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.measures.catalogue import RELEASED
from monitoring.models import Figure, FigureCorrection, MonthClose, Release
from monitoring.models.figure import FigureState
from monitoring.queries.releases import prisons_in

Row = tuple[str, str, str, datetime]


@dataclass(frozen=True)
class Change:
    """One measure of one prison that is not what it was when the release was made."""

    prison: Prison
    measure: str
    periods: tuple[str, ...]
    """Codes of the periods in which it changed, in their order."""
    at: datetime
    """When the last of these changes was worked out."""


def changes_since(release: Release) -> list[Change]:
    """By prison and measure, as far as the release holds them; empty where everything is as it was.

    In a month that its lead had closed, what changed is a correction; in one that was open, a figure that was worked
    out later than the release is another one.
    """
    periods = [period.code for period in periods_in(parse_period(release.period))]
    measures = [measure.code for measure in RELEASED]
    with scoped(DatabaseRole.NATIONAL):
        names = {prison.code: prison for prison in prisons_in(release)}
        rows = [*_corrected(release, periods, measures), *_changed_while_open(release, periods, measures)]
    found: dict[tuple[str, str], dict[str, datetime]] = {}
    for prison, measure, period, at in rows:
        if prison in names:
            when = found.setdefault((prison, measure), {})
            when[period] = max(at, when.get(period, at))
    order = {code: number for number, code in enumerate(measures)}
    changes = [
        Change(names[prison], measure, tuple(code for code in periods if code in when), max(when.values()))
        for (prison, measure), when in found.items()
    ]
    return sorted(changes, key=lambda change: (change.prison.name, change.prison.code, order[change.measure]))


def _corrected(release: Release, periods: list[str], measures: list[str]) -> Iterable[Row]:
    rows = FigureCorrection.objects.filter(
        corrected_at__gt=release.published_at,
        figure__period__in=periods,
        figure__breakdown="",
        figure__measure__in=measures,
    )
    return rows.values_list("prison_id", "figure__measure", "figure__period", "corrected_at")


def _changed_while_open(release: Release, periods: list[str], measures: list[str]) -> Iterable[Row]:
    rows = Figure.objects.filter(
        computed_at__gt=release.published_at, period__in=periods, breakdown="", measure__in=measures
    ).exclude(state=FigureState.NOT_YET_DUE)
    closes = MonthClose.objects.filter(
        closed_at__lte=release.published_at, month__range=(release.first_day, release.last_day)
    )
    closed = set(closes.values_list("prison_id", "month"))
    for row in rows.values_list("prison_id", "measure", "period", "computed_at"):
        if (row[0], parse_period(row[2]).last.replace(day=1)) not in closed:
            yield row


def periods_in(period: Period) -> list[Period]:
    """The months of a period, then its quarters, then itself."""
    if isinstance(period, Year):
        return [*period.months, *period.quarters, period]
    return [*period.months, period] if isinstance(period, Quarter) else [period]
