"""What a scheme cost, part by part. Pure: numbers in, numbers out.

A part that is not known stays unknown: it is never taken for nought. A total with an unknown part is "at least" the
known ones; where the prison gave that part in other quarters, the least and the most of these make a range.
Default times are ours: no source states them. They fill in a box that a person then mends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

QUARTERS_A_YEAR = 4
DAYS_A_MONTH = Decimal("30.4375")
"""A month of help: a year of 365.25 days over twelve."""


class Part(StrEnum):
    """The parts of the whole cost, by the data item that each one is."""

    PAY = "CO-01"
    LEAD = "CO-02"
    STAFF = "CO-03"
    TRAINING = "CO-04"
    CONTRACT = "CO-05"
    EQUIPMENT = "CO-06"
    SETUP = "CO-07"
    RECORDING = "CO-08"

    @property
    def words(self) -> str:
        return {
            Part.PAY: "Pay of buddies",
            Part.LEAD: "Time of the lead",
            Part.STAFF: "Time of other staff",
            Part.TRAINING: "Training",
            Part.CONTRACT: "Contract with an outside provider",
            Part.EQUIPMENT: "Equipment and consumables",
            Part.SETUP: "Setting up, spread over years",
            Part.RECORDING: "Recording visits",
        }[self]


@dataclass(frozen=True)
class DefaultTime:
    """How long one of something takes a member of staff, in minutes, and what it is called."""

    minutes: int
    one: str


DEFAULT_TIMES: dict[str, DefaultTime] = {
    "one_to_ones": DefaultTime(30, "one-to-one supervision"),
    "meetings": DefaultTime(60, "group meeting"),
    "interviews": DefaultTime(45, "interview"),
    "clearances": DefaultTime(20, "clearance decided by a department"),
    "visits": DefaultTime(2, "visit unlocked and seen to"),
    "classes": DefaultTime(90, "class held"),
}
RECORDING_MINUTES = 1
"""Minutes of staff for one visit that staff entered or looked at."""


@dataclass(frozen=True)
class Inputs:
    """What the prison returned and what the records hold for one quarter. Pence, hours, per cent; None is not known."""

    pay_pence: int | None = None
    lead_hours: Decimal | None = None
    lead_rate_pence: int | None = None
    staff_hours: Decimal | None = None
    staff_rate_pence: int | None = None
    training_pence: int | None = None
    contract_pence: int | None = None
    equipment_pence: int | None = None
    setup_pence: int | None = None
    setup_years: int | None = None
    council_percent: int | None = None
    health_percent: int | None = None
    grant_percent: int | None = None
    recorded_by_staff: int = 0

    def parts(self) -> dict[Part, int | None]:
        """Pence of each part, or None."""
        return {
            Part.PAY: self.pay_pence,
            Part.LEAD: _paid(self.lead_hours, self.lead_rate_pence),
            Part.STAFF: _paid(self.staff_hours, self.staff_rate_pence),
            Part.TRAINING: self.training_pence,
            Part.CONTRACT: self.contract_pence,
            Part.EQUIPMENT: self.equipment_pence,
            Part.SETUP: self._spread(),
            Part.RECORDING: self._recording(),
        }

    def _recording(self) -> int | None:
        """Multiplied before it is divided: a sixtieth has no end, and half a penny would fall to either side."""
        minutes = self.recorded_by_staff * RECORDING_MINUTES
        if not minutes:
            return 0
        return None if self.staff_rate_pence is None else _whole(Decimal(minutes * self.staff_rate_pence) / 60)

    def _spread(self) -> int | None:
        if self.setup_pence is None:
            return None
        if not self.setup_pence or not self.setup_years:
            return 0
        return _whole(Decimal(self.setup_pence) / (self.setup_years * QUARTERS_A_YEAR))

    def shares(self) -> dict[str, int] | None:
        """Who pays, in per cent that add up to 100; None where it is not known."""
        if self.council_percent is None or self.health_percent is None or self.grant_percent is None:
            return None
        others = self.council_percent + self.health_percent + self.grant_percent
        return {
            "prison": 100 - others,
            "council": self.council_percent,
            "health": self.health_percent,
            "grant": self.grant_percent,
        }


@dataclass(frozen=True)
class Total:
    """A sum with what it lacks. `low` and `high` are pence; `high` is None where nothing limits it."""

    low: int
    high: int | None
    missing: tuple[Part, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether no part is missing: then it is a value and not a range."""
        return not self.missing


def total(parts: Mapping[Part, int | None], others: Sequence[Mapping[Part, int | None]] = ()) -> Total:
    """The whole cost of one quarter in pence. `others` are the parts of the prison's other quarters.

    A missing part that other quarters name adds the least of theirs below and the most of theirs above.
    """
    missing = tuple(part for part in Part if parts.get(part) is None)
    low = high = sum(pence for pence in parts.values() if pence is not None)
    bounded = True
    for part in missing:
        said = [pence for pence in (other.get(part) for other in others) if pence is not None]
        low += min(said, default=0)
        high += max(said, default=0)
        bounded = bounded and bool(said)
    return Total(low, high if bounded else None, missing)


@dataclass(frozen=True)
class UnitCost:
    """Pounds for one of something: a value, a range, or at least `low` where there is no `high`."""

    low: Decimal
    high: Decimal | None
    missing: tuple[Part, ...] = ()

    @property
    def value(self) -> Decimal | None:
        return self.low if not self.missing else None


def unit_cost(whole: Total, of: Decimal) -> UnitCost | None:
    """The whole cost over so many hours or months of help; None where there were none."""
    if of <= 0:
        return None
    high = None if whole.high is None else pounds_of(whole.high) / of
    return UnitCost(pounds_of(whole.low) / of, high, whole.missing)


def pounds_of(pence: int) -> Decimal:
    """Pounds with pence after the point."""
    return Decimal(pence) / 100


def default_hours(counts: Mapping[str, int]) -> Decimal:
    """Hours of staff that so many of each thing take by the default times, to one decimal place."""
    minutes = sum(DEFAULT_TIMES[name].minutes * count for name, count in counts.items())
    return (Decimal(minutes) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _paid(hours: Decimal | None, rate: int | None) -> int | None:
    if hours is not None and not hours:
        return 0
    return None if hours is None or rate is None else _whole(hours * rate)


def _whole(pence: Decimal) -> int:
    return int(pence.quantize(Decimal(1), ROUND_HALF_UP))
