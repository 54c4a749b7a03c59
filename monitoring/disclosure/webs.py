"""Counts and the sums that tie them, and what one sum after another tells about each count.

A web is a list of counts, known by their places from nought, and sums over these places. What is known of a count is
a range; `carried` pushes ranges through the sums until nothing moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from monitoring.disclosure.figures import ROUNDED_TO, SMALLEST_SHOWN, Protected, State

MOST_VISITS = 60
"""How often one sum is looked at again: ranges in a ring of sums can shrink by one at a time for very long."""


@dataclass(frozen=True)
class Sum:
    """One equation the reader knows: the count at `total` is the sum of those at `parts`."""

    total: int
    parts: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        return (*self.parts, self.total)


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a count can be; `high` is `None` when nothing limits it."""

    low: int
    high: int | None

    @property
    def width(self) -> float:
        return float("inf") if self.high is None else self.high - self.low

    @property
    def empty(self) -> bool:
        return self.high is not None and self.high < self.low

    def both(self, other: Bounds) -> Bounds:
        """What is left when both hold."""
        highs = [high for high in (self.high, other.high) if high is not None]
        return Bounds(max(self.low, other.low), min(highs) if highs else None)


ANYTHING = Bounds(0, None)


def range_of(protected: Protected) -> Bounds:
    """The true counts behind what is shown; a reader who knows the rule knows that none is under 10."""
    if protected.value is None:
        return ANYTHING
    shown = int(protected.value)
    if protected.state is State.NONE:
        return Bounds(shown, shown)
    return Bounds(max(SMALLEST_SHOWN, shown - ROUNDED_TO // 2), shown + ROUNDED_TO // 2)


def structural_noughts(sums: Sequence[Sum], given: Collection[int]) -> set[int]:
    """The structural noughts with those that follow: a total of nothing else, and the parts of such a total."""
    structural: set[int] = set()
    found = set(given)
    while found - structural:
        structural |= found
        found = {one.total for one in sums if one.parts and structural.issuperset(one.parts)}
        found |= {part for one in sums if one.total in structural for part in one.parts}
    return structural


def sums_by_place(sums: Iterable[Sum]) -> dict[int, list[Sum]]:
    """The sums that each count stands in."""
    found: dict[int, list[Sum]] = {}
    for one in sums:
        for place in one.places:
            found.setdefault(place, []).append(one)
    return found


def components(size: int, sums: Iterable[Sum]) -> list[tuple[list[int], list[Sum]]]:
    """The web in pieces that no sum ties together: the places and the sums of each."""
    by_place = sums_by_place(sums)
    pieces: list[tuple[list[int], list[Sum]]] = []
    seen: set[int] = set()
    for start in range(size):
        if start in seen:
            continue
        places, tied, waiting = [start], dict[int, Sum](), [start]
        seen.add(start)
        while waiting:
            for one in by_place.get(waiting.pop(), ()):
                if id(one) not in tied:
                    tied[id(one)] = one
                    new = [place for place in dict.fromkeys(one.places) if place not in seen]
                    seen.update(new)
                    places += new
                    waiting += new
        pieces.append((sorted(places), list(tied.values())))
    return pieces


def is_tree(places: Collection[int], sums: Collection[Sum]) -> bool:
    """Whether one connected piece has no ring: `carried` is then exact, and no linear programme can tell more.

    Between counts and sums there is one way only. What hangs below a sum leaves each of its counts a range without
    gaps, and the counts below different parts have nothing to do with each other; so each part takes any value of
    its range whatever the others take, and the total any value between the lowest and the highest sum.
    """
    return sum(len(one.places) for one in sums) == len(places) + len(sums) - 1


def carried(ranges: Sequence[Bounds], sums: Sequence[Sum]) -> list[Bounds]:
    """The bounds of every count, carried through the sums until nothing moves.

    Never narrower than the truth: what is found under 10 wide here is so. In a ring of sums it may be wider.
    """
    bounds = list(ranges)
    of_place: dict[int, list[int]] = {}
    for number, one in enumerate(sums):
        for place in one.places:
            of_place.setdefault(place, []).append(number)
    waiting = dict.fromkeys(range(len(sums)))
    visits = [0] * len(sums)
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        visits[number] += 1
        for place, found in through(sums[number], bounds):
            tighter = bounds[place].both(found)
            if tighter != bounds[place]:
                bounds[place] = tighter
                waiting.update((other, None) for other in of_place[place] if visits[other] < MOST_VISITS)
    return bounds


def through(one: Sum, bounds: Sequence[Bounds]) -> list[tuple[int, Bounds]]:
    """What one sum says about its total and about each of its parts."""
    total = bounds[one.total]
    lows = sum(bounds[part].low for part in one.parts)
    highs = [bounds[part].high for part in one.parts]
    open_ended = highs.count(None)
    most = sum(high for high in highs if high is not None)
    found = [(one.total, Bounds(lows, None if open_ended else most))]
    for part, high in zip(one.parts, highs, strict=True):
        # The others have a highest sum only if none of them is open-ended.
        others_open = open_ended - (high is None)
        low = 0 if others_open else max(0, total.low - (most - (high or 0)))
        limit = None if total.high is None else total.high - (lows - bounds[part].low)
        found.append((part, Bounds(low, limit)))
    return found
