"""The national picture that belongs to a release: which prisons run a scheme here, and what is known of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.lib.dates import Quarter, quarter_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.by_hand import HandSum, sums_of
from monitoring.measures.buddies import ACTIVE_BUDDIES
from monitoring.models import HandReturn, Release, ReleaseFigure
from monitoring.models.figure import FigureState
from monitoring.queries.hand_returns import Known, PrisonKnown, counted_prisons, newest_by_prison


@dataclass(frozen=True)
class Coverage:
    """Every prison by name with what was known when the release was published, and the sums of what was typed.

    How many prisons run a scheme is a number of prisons and no number of people: it is exact. The sums are protected.
    A release of a year says what its last quarter said and has no sums: they stand in the releases of its quarters.
    """

    quarter: Quarter
    prisons: Sequence[PrisonKnown]
    sums: Sequence[HandSum]

    def of(self, known: Known, sort: str | None = None) -> list[PrisonKnown]:
        """The prisons of which this is known; of those returned by hand, those that said so of their scheme."""
        found = [each for each in self.prisons if each.known is known]
        return found if sort is None else [each for each in found if each.row is not None and each.row.sort == sort]


def coverage_of(release: Release) -> Coverage:
    """What was known at the time of the release. Run on behalf of a national reader; at most five questions."""
    quarter = quarter_of(release.last_day)
    with scoped(DatabaseRole.NATIONAL):
        here = _run_here(release)
        rows = {
            code: row for code, row in newest_by_prison(quarter, by=release.published_at).items() if code not in here
        }
        prisons = [
            PrisonKnown(prison, _known(prison.code, here, rows), rows.get(prison.code)) for prison in counted_prisons()
        ]
        sums = _sums(release, quarter, here) if release.kind == Release.Kind.QUARTER else []
    return Coverage(quarter, prisons, sums)


def _run_here(release: Release) -> set[str]:
    """Whose figures the release holds: without an open scheme nothing is due."""
    figures = ReleaseFigure.objects.filter(
        release=release, period=release.period, measure=ACTIVE_BUDDIES.code, breakdown=""
    )
    there = figures.filter(about__isnull=False).exclude(state=FigureState.NOT_YET_DUE)
    return set(there.values_list("about_id", flat=True))


def _known(code: str, here: set[str], rows: dict[str, HandReturn]) -> Known:
    return Known.RUNS_HERE if code in here else Known.BY_HAND if code in rows else Known.NOTHING


def _sums(release: Release, quarter: Quarter, here: set[str]) -> list[HandSum]:
    """Of this release, with those that it corrects before it: what is out stays out."""
    versions = HandReturn.objects.filter(period=quarter.code).order_by("prison_id", "version")
    every = [row for row in versions if row.prison_id not in here]
    shown: list[list[HandSum]] = []
    for at in [*_corrected(release), release.published_at]:
        standing = {row.prison_id: row for row in every if row.returned_at <= at}
        before = [{each.item.key: each.figure for each in sums} for sums in shown]
        shown.append(sums_of(list(standing.values()), before))
    return shown[-1]


def _corrected(release: Release) -> list[datetime]:
    """When the releases came out that this one corrects, the oldest first."""
    found = []
    while release.replaces is not None:
        release = release.replaces
        found.append(release.published_at)
    return found[::-1]
