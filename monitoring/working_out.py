"""The figures of a release before they are stored: read prison by prison, protected, and checked beside earlier ones.

Takes minutes for all prisons. Nothing is written here, so a worker does it outside of any transaction, and says how far
it is. The check alone can take longer than the database lets a transaction stand idle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.exact import exact_figures, noughts_in
from monitoring.models import Release
from monitoring.publishing import Released, protect_all
from monitoring.queries.published import as_audited, parts_of, release_name, releases_beside
from monitoring.queries.release_changes import changes_since
from monitoring.release_audit import made_safe

READING, HIDING, CHECKING = "READING", "HIDING", "CHECKING"
Told = Callable[[str, int, int], None]
"""Is told the step, and how much of it is done, of how much: prisons read, families of measures protected. Of the
check nothing is counted."""


@dataclass(frozen=True)
class WorkedOut:
    """Figures that may be stored as long as no other release joins those that they were checked beside.

    `at` is the moment at which the reading began. A release is dated by it: whatever was saved later counts as a change
    since, and can be corrected, also where its prison was read after it. `corrected` are the codes of the prisons that
    a correction is said to be for.
    """

    figures: list[Released]
    at: datetime
    beside: frozenset[int]
    """The ids of the releases that it was checked beside."""
    corrected: tuple[str, ...] = ()


def worked_out(
    codes: Sequence[str],
    period: Quarter | Year,
    *,
    now: datetime,
    replaces: Release | None = None,
    told: Told = lambda *_: None,
) -> WorkedOut:
    """A quarter's release holds its months; a year's is the year alone. `replaces` is the one that this corrects.

    Raises `NotAllowed` as `protect_all` and `made_safe` do.
    """
    told(READING, 0, len(codes))
    exact = exact_figures(codes, period, now=now, read=lambda done: told(READING, done, len(codes)))
    changed = changes_since(replaces) if replaces else []
    corrected = tuple(sorted({change.prison.code for change in changed}))
    figures = protect_all(
        exact,
        period=period.code,
        months=tuple(month.code for month in period.months) if isinstance(period, Quarter) else (),
        noughts=noughts_in(exact),
        protected=lambda done, of: told(HIDING, done, of),
    )
    told(CHECKING, 0, 0)
    with scoped(DatabaseRole.NATIONAL):
        beside = releases_beside(period)
        earlier = as_audited(beside)
    safe = made_safe(
        figures,
        earlier,
        f"the correction of {period}" if replaces else f"the release of {period}",
        period=period.code,
        months=parts_of(period.code),
        replaces=release_name(replaces) if replaces else "",
        corrected=corrected,
    )
    return WorkedOut(safe, now, frozenset(release.pk for release in beside), corrected)
