"""Digests: how often, about what, and what one entry is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from buddyscheme.lib.dates import Month, Quarter, month_of, quarter_of
from monitoring.measures.catalogue import RELEASED, computed_for
from monitoring.measures.definition import Every, Heading, Measure
from monitoring.models.digest import DigestChoice

HowOften = DigestChoice.HowOften
USUAL = ("OP-02", "OP-04b", "OP-06a", "OP-07", "OP-09a", "OP-13a", "OP-17", "BS-01")
"""What a digest is about until its reader chooses: how much help there is, and how much is missing."""
GONE_BY = timedelta(days=100)
"""Whoever is told less often than before misses nothing; what lies longer back than this is not told any more."""


@dataclass(frozen=True)
class Entry:
    """One thing that changed: which figure, how, and where it stands. It names nobody."""

    title: str
    words: str
    href: str

    @property
    def stored(self) -> dict[str, str]:
        """As the digest keeps it."""
        return {"title": self.title, "words": self.words, "href": self.href}


CHARTED = 24
FigureT = TypeVar("FigureT")


def months_to(last: Month) -> list[Month]:
    """The months of a control chart up to this one, oldest first."""
    months = [last]
    while len(months) < CHARTED:
        months.insert(0, months[0].previous())
    return months


def from_the_first(run: Sequence[tuple[Month, FigureT | None]]) -> list[tuple[Month, FigureT | None]]:
    """Without the months before the first figure."""
    first = next((place for place, (_, figure) in enumerate(run) if figure is not None), len(run))
    return list(run[first:])


def offered(*, national: bool) -> tuple[Measure, ...]:
    """The measures that a reader may choose: what releases hold, or what a prison's months hold."""
    return RELEASED if national else computed_for(Every.MONTH)


def by_heading(measures: Iterable[Measure]) -> dict[Heading, list[Measure]]:
    """Measures under the headings of an inspection report, in its order."""
    there = list(measures)
    found = {heading: [each for each in there if each.heading == heading] for heading in Heading}
    return {heading: theirs for heading, theirs in found.items() if theirs}


def usual(*, national: bool) -> list[str]:
    """The codes with which everybody begins."""
    return [measure.code for measure in offered(national=national) if measure.code in USUAL]


def period_due(how_often: str, today: date) -> Month | Quarter | None:
    """The last period that is over, of which a digest is due; None for somebody who wants none."""
    if how_often == HowOften.NEVER:
        return None
    return month_of(today).previous() if how_often == HowOften.MONTHLY else quarter_of(today).previous()


def since_of(period: Month | Quarter, last_until: datetime | None) -> datetime:
    """From when on a digest tells: where the last one ended, or from the period's beginning."""
    if last_until is None or last_until < period.starts_at - GONE_BY:
        return period.starts_at
    return last_until
