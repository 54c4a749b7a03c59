"""Parts of a web that are alike, such as the prisons of a nation: what is possible for one of them is for the others.

A sum of many parts stays as it is when two of its parts change places, with all that hangs on each. So one possible
world is many: each is looked at before it is taken for one, and nothing is believed because it looks alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from monitoring.disclosure.webs import Sum, components, sums_by_place

MANY = 30
"""A sum of more parts joins blocks; one of fewer, such as months of a quarter or tasks of a prison, is within one."""
Point = NDArray[np.float64]


class Alike:
    """The blocks of a web of so many counts: what is left in one piece when the sums of many parts are taken away.

    Blocks are alike whose counts, in their order, stand in the same of these sums.
    """

    def __init__(self, size: int, sums: Sequence[Sum]) -> None:
        joined = sums_by_place(one for one in sums if len(one.parts) > MANY)
        totals = {one.total for some in joined.values() for one in some}
        blocks: dict[tuple[tuple[tuple[int, bool], ...], ...], list[list[int]]] = {}
        self.apart: list[list[int]] = []
        """The blocks of which none is a total of the sums of many, as the nation is."""
        self.above: list[int] = []
        """The places of the others."""
        for places, _ in components(size, [one for one in sums if len(one.parts) <= MANY]):
            stands = [tuple((one.total, one.total == place) for one in joined.get(place, ())) for place in places]
            blocks.setdefault(tuple(stands), []).append(places)
            if totals.isdisjoint(places):
                self.apart.append(places)
            else:
                self.above += places
        self.where: dict[int, tuple[NDArray[np.int64], int, int]] = {}
        for some in (np.array(each) for each in blocks.values() if len(each) > 1):
            for row, places in enumerate(some):
                self.where |= {int(place): (some, row, column) for column, place in enumerate(places)}

    def some_at_once(self, places: int, mixed: int = 1) -> Iterator[list[int]]:
        """All blocks, some at a time, of about so many places, and with each of them what is above.

        Each other `mixed` puts other blocks together.
        """
        some: list[int] = []
        for block in (block for nth in range(mixed) for block in self.apart[nth::mixed]):
            some += block
            if len(some) >= places:
                yield sorted(some + self.above)
                some = []
        if some:
            yield sorted(some + self.above)

    def exchanged(self, world: Point, places: Iterable[int], least: Point, most: Point) -> Iterator[Point]:
        """For each of the places the worlds in which its block has changed places with the one that has most there, or
        least: only where that is more than the `most`, or less than the `least`, that the place has had so far."""
        ends: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        for place in places:
            if place not in self.where:
                continue
            blocks, row, column = self.where[place]
            if id(blocks) not in ends:
                there = world[blocks]
                ends[id(blocks)] = there.argmax(axis=0), there.argmin(axis=0)
            for end in ends[id(blocks)]:
                other = end[column]
                if least[place] <= world[blocks[other, column]] <= most[place]:
                    continue
                new = world.copy()
                new[blocks[row]], new[blocks[other]] = world[blocks[other]], world[blocks[row]]
                yield new
