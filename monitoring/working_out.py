"""The figures of a release before it is checked and stored: read prison by prison, then protected.

Takes minutes for all prisons. Nothing is written here, so a worker does it outside of any transaction, and says how far
it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from buddyscheme.lib.dates import Quarter, Year
from monitoring.exact import exact_figures, noughts_in
from monitoring.publishing import Released, protect_all

READING, HIDING = "READING", "HIDING"
Told = Callable[[str, int, int], None]
"""Is told the step, and how much of it is done, of how much: prisons read, families of measures protected."""


@dataclass(frozen=True)
class WorkedOut:
    """Protected figures, and the moment at which the reading began.

    A release is dated by that moment: whatever was saved later counts as a change since, and can be corrected, also
    where its prison was read after it.
    """

    figures: list[Released]
    at: datetime


def worked_out(
    codes: Sequence[str], period: Quarter | Year, *, now: datetime, told: Told = lambda *_: None
) -> WorkedOut:
    """A quarter's release holds its months; a year's is the year alone. Raises `NotAllowed` as `protect_all` does."""
    told(READING, 0, len(codes))
    exact = exact_figures(codes, period, now=now, read=lambda done: told(READING, done, len(codes)))
    months = tuple(month.code for month in period.months) if isinstance(period, Quarter) else ()
    figures = protect_all(
        exact,
        period=period.code,
        months=months,
        noughts=noughts_in(exact),
        protected=lambda done, of: told(HIDING, done, of),
    )
    return WorkedOut(figures, now)
