"""Returns by hand: which measure each number stands for, and what of their national sums may leave.

Pure. What was typed never joins a sum of worked-out figures: it is counted beside them, by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from monitoring.disclosure import NARROWEST, ROUNDED_TO, TOO_FEW, Protected, State, Sum, withhold_all
from monitoring.models.hand_return import HandReturn

FORMAL = HandReturn.Sort.FORMAL
WHOLE = "buddies"
PARTS = ("trained", "paid")
STEP = Decimal(NARROWEST + ROUNDED_TO)
"""From this difference on a corrected number tells of no small count."""


class Row(Protocol):
    """What of a return is counted here."""

    sort: str
    buddies: int | None
    trained: int | None
    paid: int | None
    helped: int | None
    referred: int | None
    waiting: int | None
    unmet: int | None


@dataclass(frozen=True)
class Item:
    """A national number: its words, the return's item, the measure that it stands for, and where it is of."""

    key: str
    title: str
    name: str
    measure: str = ""
    formal: bool | None = None
    """Of formal schemes only, of everywhere else only, or of all."""

    def of(self, row: Row) -> int | None:
        """What a return says of it: None where it says nothing."""
        if self.formal is not None and (row.sort == FORMAL) is not self.formal:
            return None
        if self.name in PARTS and row.buddies is None:
            return None
        count: int | None = getattr(row, self.name)
        return count


ITEMS = (
    Item("buddies", "Buddies in formal schemes", "buddies", "OP-02", formal=True),
    Item("trained", "Of these, trained", "trained", "OP-17", formal=True),
    Item("paid", "Of these, paid", "paid", formal=True),
    Item("helped", "People helped in formal schemes", "helped", "OP-04a", formal=True),
    Item("helped_outside", "People helped without a formal scheme", "helped", "OP-32", formal=False),
    Item("referred", "People referred", "referred", "OP-09a"),
    Item("waiting", "People waiting for a buddy", "waiting", "OP-13a"),
    Item("unmet", "People known to go without personal care that they need", "unmet"),
)
BY_KEY = {item.key: item for item in ITEMS}


@dataclass(frozen=True)
class HandSum:
    """A national number as it may be shown, and from how many prisons it comes. With none nothing was returned."""

    item: Item
    prisons: int
    figure: Protected


def measure_of(name: str, sort: str) -> str:
    """The code of the measure that a typed number stands for at a prison of this sort, or nothing."""
    fits = (item for item in ITEMS if item.name == name and item.formal in (None, sort == FORMAL))
    return next((item.measure for item in fits), "")


def sums_of(rows: Sequence[Row], before: Sequence[Mapping[str, Protected]] = ()) -> list[HandSum]:
    """Each national number, protected together with what it can be taken from.

    How many buddies are trained is known of the prisons that say both; those that are not trained, and the buddies of
    the other prisons, could be worked out, so they are protected with them. `before` is what the releases that are
    corrected showed: a number that moves by less than would hide a small count is not shown again.
    """
    counts: dict[str, list[int]] = {
        item.key: [count for row in rows if (count := item.of(row)) is not None] for item in ITEMS
    }
    shown = _buddies(rows) | {
        item.key: withhold_all([sum(counts[item.key])], [])[0]
        for item in ITEMS
        if counts[item.key] and item.key not in (WHOLE, *PARTS)
    }
    return [
        HandSum(item, len(counts[item.key]), _unmoved(shown.get(item.key), [each[item.key] for each in before]))
        for item in ITEMS
    ]


def _buddies(rows: Iterable[Row]) -> dict[str, Protected]:
    """Buddies of formal schemes, and the trained and paid among them, where both are known of a prison."""
    formal = [row for row in rows if row.sort == FORMAL]
    whole = [row for row in formal if row.buddies is not None]
    counts, sums, figures, places = [_sum(whole, WHOLE)], [], [], {WHOLE: 0} if whole else {}
    for name in PARTS:
        both = [row for row in whole if getattr(row, name) is not None]
        if not both:
            continue
        part = len(counts)
        counts += [_sum(both, name), _sum(both, WHOLE) - _sum(both, name)]
        place = 0
        if len(both) < len(whole):
            place = len(counts)
            counts += [_sum(both, WHOLE), counts[0] - _sum(both, WHOLE)]
            sums.append(Sum(0, (place, place + 1)))
        sums.append(Sum(place, (part, part + 1)))
        figures.append((part, part + 1))
        places[name] = part
    keep = [2 if place == 0 else 0 for place in range(len(counts))]
    shown = withhold_all(counts, sums, keep=keep, figures=figures)
    return {name: shown[place] for name, place in places.items()}


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def _unmoved(figure: Protected | None, before: Iterable[Protected]) -> Protected:
    if figure is None:
        return Protected(State.NOT_RETURNED)
    moved = [abs((figure.value or 0) - each.value) for each in before if each.value is not None]
    return TOO_FEW if figure.shown and any(0 < by < STEP for by in moved) else figure
