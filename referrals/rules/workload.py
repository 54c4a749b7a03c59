"""Where one buddy's workload stands against the caps. Pure: numbers in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from referrals.suitability import is_close, longest_run


class Pressure(StrEnum):
    """The most pressing of the caps."""

    OVER = "Over a cap"
    FULL = "At a cap"
    CLOSE = "Close to a cap"
    FREE = "Has room"


@dataclass(frozen=True, kw_only=True)
class Workload:
    """People, minutes a week and days, with the caps of each."""

    people: int
    second_for: int
    people_cap: int
    minutes_planned: int
    minutes_cap: int
    minutes_worked: int
    weekdays: frozenset[int]
    rest_day: int
    days_cap: int
    days_in_row: int

    @property
    def days_planned(self) -> int:
        """The longest run of days that the plans hold, with the day of rest kept."""
        return longest_run(self.weekdays, self.rest_day)

    @property
    def pressure(self) -> Pressure:
        """Over: more than any cap. At: a cap is reached, so nothing more fits. Close: from 80 per cent on."""
        pairs = (
            (self.people, self.people_cap),
            (max(self.minutes_planned, self.minutes_worked), self.minutes_cap),
        )
        days = max(self.days_planned, self.days_in_row)
        if days > self.days_cap or any(number > cap for number, cap in pairs):
            return Pressure.OVER
        if any(number == cap for number, cap in pairs):
            return Pressure.FULL
        if days == self.days_cap or any(is_close(number, cap) for number, cap in pairs):
            return Pressure.CLOSE
        return Pressure.FREE
