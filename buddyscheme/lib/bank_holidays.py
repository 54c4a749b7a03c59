"""Bank holidays of England and Wales (Banking and Financial Dealings Act 1971, sch. 1, and the yearly proclamations).

Pure: a year in, its days and names out. A holiday that falls on a weekend is kept on the next weekday that is none
itself. What a proclamation moved or added once is data below.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

# Once only: the day as it would have been, and where it went.
MOVED = {
    date(2020, 5, 4): date(2020, 5, 8),  # 75 years of VE Day
    date(2022, 5, 30): date(2022, 6, 2),  # Platinum Jubilee
}
# Once only: a day more.
ADDED = {
    date(2022, 6, 3): "Platinum Jubilee bank holiday",
    date(2022, 9, 19): "State funeral of Queen Elizabeth II",
    date(2023, 5, 8): "Coronation of King Charles III",
}
SATURDAY = 5
NEW_YEAR, CHRISTMAS, BOXING_DAY = "New Year’s Day", "Christmas Day", "Boxing Day"


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous computus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, odd = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=32)
def bank_holidays(year: int) -> dict[date, str]:
    """The year's bank holidays in their order, each with its name."""
    sunday = easter(year)
    found = {
        sunday - timedelta(days=2): "Good Friday",
        sunday + timedelta(days=1): "Easter Monday",
        _kept(_first_monday(year, 5)): "Early May bank holiday",
        _kept(_last_monday(year, 5)): "Spring bank holiday",
        _last_monday(year, 8): "Summer bank holiday",
    }
    fixed = {date(year, 1, 1): NEW_YEAR, date(year, 12, 25): CHRISTMAS, date(year, 12, 26): BOXING_DAY}
    found |= {day: name for day, name in fixed.items() if day.weekday() < SATURDAY}
    for day, name in fixed.items():
        # Those on a weekend come after those that stay: a Christmas Day on a Sunday is kept on the Tuesday.
        kept = day
        while kept.weekday() >= SATURDAY or kept in found:
            kept += timedelta(days=1)
        if day.weekday() >= SATURDAY:
            found[kept] = f"{name} (substitute day)"
    found |= {day: name for day, name in ADDED.items() if day.year == year}
    return dict(sorted(found.items()))


def bank_holiday_on(day: date) -> str:
    """What the day is called; empty on any other day."""
    return bank_holidays(day.year).get(day, "")


def next_bank_holidays(day: date, how_many: int) -> list[tuple[date, str]]:
    """The next ones from a day on, that day inside."""
    coming = {**bank_holidays(day.year), **bank_holidays(day.year + 1)}
    return [(each, name) for each, name in coming.items() if each >= day][:how_many]


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7)


def _last_monday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.weekday())


def _kept(day: date) -> date:
    return MOVED.get(day, day)
