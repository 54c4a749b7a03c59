"""Days, weeks, months, quarters and financial years as the prison sees them; lengths of time as they really were.

A prison lives by the clock of Europe/London; records hold UTC. Python subtracts two times of one
zone by their clock faces, wrong by an hour on two nights a year, so lengths are taken here. Nothing
in this module reads the clock: ``now`` is always passed in and must carry its zone.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
# As `date.weekday` counts them.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("A time without its zone cannot be placed.")
    return moment


def london_time(now: datetime) -> datetime:
    """The same moment on the clock of Europe/London."""
    return _aware(now).astimezone(LONDON)


def london_today(now: datetime) -> date:
    """The day it is in London at that moment."""
    return london_time(now).date()


def london_moment(day: date, clock: time, *, fold: int = 0) -> datetime:
    """The UTC moment at which a London clock shows ``clock`` on ``day``.

    In the hour that comes twice in October ``fold`` chooses the first (0) or the second (1).
    Raises ``ValueError`` for a time in the hour that March leaves out.
    """
    local = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=LONDON).replace(fold=fold)
    moment = local.astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"There is no {clock:%H:%M} on {day.day} {day:%B %Y}: the clocks go forward.")
    return moment


def elapsed(start: datetime, end: datetime) -> timedelta:
    """The time that really passed between two moments, also across a change of the clocks."""
    return _aware(end).astimezone(UTC) - _aware(start).astimezone(UTC)


def minutes_between(start: datetime, end: datetime) -> int:
    """Whole minutes that really passed, rounded down; negative when ``end`` is the earlier."""
    return elapsed(start, end) // timedelta(minutes=1)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The UTC moments at which a London day begins and the next one begins (23, 24 or 25 hours)."""
    return london_moment(day, time(0)), london_moment(day + timedelta(days=1), time(0))


class _Span:
    """What every period can do once it knows its first and last day (both inside)."""

    @property
    def first(self) -> date:
        raise NotImplementedError

    @property
    def last(self) -> date:
        raise NotImplementedError

    @property
    def end(self) -> date:
        """The day after the last one, for half-open ranges."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def starts_at(self) -> datetime:
        """UTC moment at which the first day begins in London."""
        return day_bounds(self.first)[0]

    @property
    def ends_at(self) -> datetime:
        """UTC moment at which the day after the last one begins in London; not inside."""
        return day_bounds(self.last)[1]

    def contains(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, order=True)
class Week(_Span):
    """Seven days from a Monday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError("A week starts on a Monday.")

    @property
    def first(self) -> date:
        return self.monday

    @property
    def last(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def code(self) -> str:
        """ISO week, such as ``2026-W48``."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    def next(self) -> "Week":
        return Week(self.monday + timedelta(days=7))

    def previous(self) -> "Week":
        return Week(self.monday - timedelta(days=7))


@dataclass(frozen=True, order=True)
class Month(_Span):
    """A calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError("A month is numbered from 1 to 12.")

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def code(self) -> str:
        """Such as ``2026-11``."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def quarter(self) -> "Quarter":
        return Quarter(self.year, (self.number + 2) // 3)

    def next(self) -> "Month":
        return month_of(self.end)

    def previous(self) -> "Month":
        return month_of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%B %Y}"


@dataclass(frozen=True, order=True)
class Quarter(_Span):
    """A calendar quarter; the first is January to March."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError("A quarter is numbered from 1 to 4.")

    @property
    def months(self) -> tuple[Month, Month, Month]:
        start = self.number * 3 - 2
        return Month(self.year, start), Month(self.year, start + 1), Month(self.year, start + 2)

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[2].last

    @property
    def code(self) -> str:
        """Such as ``2026-Q3``."""
        return f"{self.year:04d}-Q{self.number}"

    def next(self) -> "Quarter":
        return quarter_of(self.end)

    def previous(self) -> "Quarter":
        return quarter_of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.first:%B} to {self.last:%B %Y}"


FIRST_YEAR, LAST_YEAR = 2012, 2098
"""Years whose code no month has: `2011-12` is December."""


@dataclass(frozen=True, order=True)
class Year(_Span):
    """A financial year, from April to March, by the calendar year in which it begins."""

    year: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"A financial year begins in {FIRST_YEAR} at the earliest, in {LAST_YEAR} at the latest.")

    @property
    def quarters(self) -> tuple[Quarter, Quarter, Quarter, Quarter]:
        return (
            Quarter(self.year, 2),
            Quarter(self.year, 3),
            Quarter(self.year, 4),
            Quarter(self.year + 1, 1),
        )

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(month for quarter in self.quarters for month in quarter.months)

    @property
    def first(self) -> date:
        return self.quarters[0].first

    @property
    def last(self) -> date:
        return self.quarters[-1].last

    @property
    def code(self) -> str:
        """Such as ``2026-27``."""
        return f"{self.year:04d}-{(self.year + 1) % 100:02d}"

    def next(self) -> "Year":
        return Year(self.year + 1)

    def previous(self) -> "Year":
        return Year(self.year - 1)

    def __str__(self) -> str:
        return f"{self.first:%B %Y} to {self.last:%B %Y}"


Period = Month | Quarter | Year


def week_of(day: date) -> Week:
    return Week(_day(day) - timedelta(days=day.weekday()))


def month_of(day: date) -> Month:
    return Month(_day(day).year, day.month)


def quarter_of(day: date) -> Quarter:
    return month_of(day).quarter


def year_of(day: date) -> Year:
    """The financial year of a day."""
    return Year(_day(day).year - (day.month < 4))


def parse_period(code: str) -> Period:
    """The month, quarter or financial year of a code such as ``2026-11``, ``2026-Q3`` or ``2026-27``.

    Figures were given for calendar years once: ``2026`` alone is read as the financial year that begins in it.
    Raises ``ValueError`` for anything else.
    """
    code = f"{code}-{(int(code) + 1) % 100:02d}" if re.fullmatch(r"20[0-9]{2}", code, re.ASCII) else code
    found = re.fullmatch(r"([1-9][0-9]{3})-(Q)?([0-9]{1,2})", code, re.ASCII)
    if found is not None:
        year, quarter, number = int(found[1]), bool(found[2]), int(found[3])
        if quarter and len(found[3]) == 1 and 1 <= number <= 4:
            return Quarter(year, number)
        if not quarter and len(found[3]) == 2:
            if 1 <= number <= 12:
                return Month(year, number)
            if FIRST_YEAR <= year <= LAST_YEAR and number == (year + 1) % 100:
                return Year(year)
    raise ValueError(f"“{code}” is not a month, a quarter or a year.")


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Every month from ``first`` to ``last``, both inside; empty when ``last`` is earlier."""
    months: list[Month] = []
    while first <= last:
        months.append(first)
        first = first.next()
    return tuple(months)


def _day(day: date) -> date:
    # A datetime is a date to Python; its day depends on a zone, so it must come by london_today.
    if isinstance(day, datetime):
        raise TypeError("Give the day, by london_today, and not the moment.")
    return day
