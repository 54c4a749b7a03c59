"""Expected pay, worked out. Pure: sessions and rates in, pence out.

A session is a half day (morning, afternoon, evening) in which at least one visit was made; where the scheme counts
classes, one that was attended counts like it, and a half day counts once. Each session is worth the band's rate on
its day. An amount for a week is due once for every week, Monday to Sunday, with at least one session, by the rate of
the first day that was worked in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from buddyscheme.lib.dates import week_of

Sessions = Mapping[date, Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What a band pays from a day on; None where it pays nothing by the session, or by the week."""

    valid_from: date
    session_pence: int | None
    week_pence: int | None


@dataclass(frozen=True, kw_only=True)
class DayPay:
    """One day that was worked: its sessions, and what they and the week come to."""

    day: date
    sessions: tuple[str, ...]
    rate: Rate | None
    session_pence: int
    week_pence: int

    @property
    def pence(self) -> int:
        return self.session_pence + self.week_pence


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The sum over a period. `pence` is None where a day was worked for which no rate is known."""

    sessions: int = 0
    pence: int | None = 0
    days: Sequence[DayPay] = field(default=())


def rate_on(rates: Sequence[Rate], day: date) -> Rate | None:
    """The rate in force on a day: the last one that began on it or before. `rates` go by their first day."""
    found = None
    for rate in rates:
        if rate.valid_from <= day:
            found = rate
    return found


def expected_pay(worked: Sessions, rates: Sequence[Rate]) -> Expected:
    """What the sessions of a period are worth in one band."""
    days: list[DayPay] = []
    weeks: set[date] = set()
    for day in sorted(day for day, sessions in worked.items() if sessions):
        rate = rate_on(rates, day)
        monday = week_of(day).monday
        first = monday not in weeks
        weeks.add(monday)
        days.append(
            DayPay(
                day=day,
                sessions=tuple(sorted(worked[day])),
                rate=rate,
                session_pence=len(worked[day]) * (rate.session_pence or 0) if rate else 0,
                week_pence=(rate.week_pence or 0) if rate and first else 0,
            )
        )
    known = all(day.rate is not None for day in days)
    return Expected(
        sessions=sum(len(day.sessions) for day in days),
        pence=sum(day.pence for day in days) if known else None,
        days=days,
    )


def one_session_rate(rates: Sequence[Rate], first: date, last: date) -> int | None:
    """The rate for a session, where it is one and the same on all days from `first` to `last`."""
    inside = [rate for rate in rates if first < rate.valid_from <= last]
    start = rate_on(rates, first)
    amounts = {rate.session_pence for rate in (start, *inside) if rate is not None}
    return amounts.pop() if start is not None and len(amounts) == 1 else None
