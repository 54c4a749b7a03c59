"""The cost set: what helping cost, by place and quarter, as coarse as the places of the other files. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from monitoring.costs import Part, Total
from monitoring.extracts.columns import NOT_GIVEN
from monitoring.extracts.ladder import SMALLEST_K, Step
from monitoring.extracts.rows import nearest

POUNDS_TO = 100
FEWEST_HOURS = 10


@dataclass(frozen=True)
class PrisonQuarter:
    """What one prison's quarter cost, whether anybody returned it, and whom it helped for how long."""

    prison: str
    kind: str
    quarter: str
    people: int
    minutes: int
    returned: bool
    whole: Total


def place_by(steps: Sequence[Step]) -> Callable[[PrisonQuarter], str]:
    """Where the costs stand: never finer than the places of the people."""
    taken = [step for step in steps if step.column == "place"]
    if not taken:
        return lambda one: one.prison
    if len(taken) == 1:
        return lambda one: one.kind
    return lambda one: NOT_GIVEN


def cost_rows(quarters: Sequence[PrisonQuarter], steps: Sequence[Step]) -> list[dict[str, Any]]:
    """One row for each place and quarter in which ten people or more were helped where costs are known."""
    place = place_by(steps)
    found: dict[tuple[str, str], list[PrisonQuarter]] = defaultdict(list)
    for one in quarters:
        if one.people:
            found[place(one), one.quarter].append(one)
    rows = [_row(key, there) for key, there in sorted(found.items())]
    return [row for row in rows if row is not None]


def _row(key: tuple[str, str], there: list[PrisonQuarter]) -> dict[str, Any] | None:
    known = [one for one in there if one.returned]
    if sum(one.people for one in known) < SMALLEST_K:
        return None
    low = _pounds(sum(one.whole.low for one in known))
    highs = [one.whole.high for one in known if one.whole.high is not None]
    high = _pounds(sum(highs)) if len(highs) == len(known) else None
    hours = sum(one.minutes for one in known) / 60
    shown = nearest(hours) if hours >= FEWEST_HOURS else None
    return {
        "place": key[0],
        "quarter": key[1],
        "prisons": len(there),
        "returned": len(known),
        "missing": " ".join(part.value for part in Part if any(part in one.whole.missing for one in known)),
        "cost_from": low,
        "cost_to": high,
        "hours": shown,
        "cost_per_hour_from": _per(low, shown),
        "cost_per_hour_to": _per(high, shown),
    }


def _pounds(pence: int) -> int:
    return int((Decimal(pence) / (100 * POUNDS_TO)).quantize(Decimal(1), ROUND_HALF_UP)) * POUNDS_TO


def _per(pounds: int | None, hours: int | None) -> Decimal | None:
    if pounds is None or not hours:
        return None
    return (Decimal(pounds) / hours).quantize(Decimal("0.1"), ROUND_HALF_UP)
