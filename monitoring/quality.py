"""How complete and how timely records are. Pure: counts in, shares out. No figure here is ever a guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from buddyscheme.lib.dates import Month

# A month is closed in time on one of so many days after its last.
DAYS_TO_CLOSE = 14
LOWEST = 3


@dataclass(frozen=True)
class Completeness:
    """One field, or several together: how many answers were due at this stage, and what came of them.

    "Not known" and "declined" are answers, counted apart from what is missing: somebody asked.
    """

    name: str
    due: int
    answered: int
    not_known: int = 0
    declined: int = 0

    def __post_init__(self) -> None:
        if min(self.due, self.answered, self.not_known, self.declined) < 0:
            raise ValueError(f"{self.name}: a count cannot be below nought.")
        if self.answered + self.not_known + self.declined > self.due:
            raise ValueError(f"{self.name}: more answers than were due.")

    @property
    def missing(self) -> int:
        """Nobody asked, or nobody wrote it down."""
        return self.due - self.answered - self.not_known - self.declined

    @property
    def complete(self) -> Decimal | None:
        """The share of what was due that is not missing; None where nothing was due."""
        return _share(self.due - self.missing, self.due)

    @property
    def known(self) -> Decimal | None:
        """The share of what was due that is known; None where nothing was due."""
        return _share(self.answered, self.due)


def together(name: str, fields: Iterable[Completeness]) -> Completeness:
    """Several fields as one: every answer counts the same."""
    each = list(fields)
    return Completeness(
        name,
        sum(field.due for field in each),
        sum(field.answered for field in each),
        sum(field.not_known for field in each),
        sum(field.declined for field in each),
    )


def score(fields: Iterable[Completeness]) -> Decimal | None:
    """The mean over the fields that were due, each field the same weight; None where none was due."""
    shares = [field.complete for field in fields if field.complete is not None]
    return sum(shares, Decimal(0)) / len(shares) if shares else None


def lowest(fields: Iterable[Completeness], most: int = LOWEST) -> list[Completeness]:
    """The fields with the lowest share, the lowest first; none that is complete or not due."""
    short = [field for field in fields if field.complete is not None and field.complete < 1]
    return sorted(short, key=lambda field: (field.complete, field.name))[:most]


@dataclass(frozen=True)
class Returned:
    """How many returns came of those that were due: a month without entries from a live scheme is a gap, not nought."""

    received: int
    due: int

    @property
    def gap(self) -> bool:
        return self.received < self.due


def returned(*, live: bool, entries: int, closed: bool) -> Returned:
    """One month of one scheme. A month that the lead closed with nothing in it is a return of none."""
    if not live:
        return Returned(0, 0)
    return Returned(1 if entries or closed else 0, 1)


@dataclass(frozen=True)
class Timeliness:
    """Visits by how many days after them they were entered."""

    entered: int
    same_day: int
    median_days_late: float | None

    @property
    def on_the_day(self) -> Decimal | None:
        """The share entered on the day of the visit; None without a visit."""
        return _share(self.same_day, self.entered)


def timeliness(days_late: Sequence[int]) -> Timeliness:
    """From the days between each visit and its entry. The median is of those that were late alone."""
    if any(days < 0 for days in days_late):
        raise ValueError("A visit cannot be entered before its day.")
    late = [days for days in days_late if days > 0]
    return Timeliness(len(days_late), len(days_late) - len(late), float(median(late)) if late else None)


def closed_late(month: Month, closed_on: date | None, today: date) -> bool:
    """Whether a month was closed later than it should have been, or is still open after that day."""
    return (closed_on or today) > month.last + timedelta(days=DAYS_TO_CLOSE)


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None
