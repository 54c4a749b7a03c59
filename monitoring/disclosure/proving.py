"""That hidden counts can each be many numbers: possible worlds that are far enough apart, for many counts at once.

One world proves what it can of all counts. Which worlds are looked for, and in what order, decides how long it takes: a
count that none of them proves is asked by itself. Where the search for that stops at its limit, the count is called
given away though it may not be, never the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from monitoring.disclosure.alike import Alike
from monitoring.disclosure.figures import NARROWEST
from monitoring.disclosure.programme import EXACT, Point, Programme

TOGETHER = 4
"""Of how many counts at least one world is asked to show that they can be larger."""
GAP = 0.05
"""How far from the best a world may be that is to show room for many counts at once. Of one count the end is exact."""
LARGE = 600
"""A programme of more counts is tried in parts of half as many too: whole numbers are found far sooner in these."""
MIXED = (1, 5, 7, 11)
"""In how many ways a large programme is put into parts: each number puts other blocks beside each other."""
A_GOOD_PART = 0.1
"""While one direction proves as large a share of what is left, the next is worth its while."""
EXCHANGED, IN_VAIN = 10, 8
"""How many counts one world's exchanges have to prove, and after how many in a row that proved fewer no more follow."""
SLIGHT = 0.01
"""What it costs that another count is not at its least, beside the one that is to be at its most."""


class Reach:
    """The least and the most of each count among the possible worlds seen so far.

    Worlds stay possible when more is hidden, so what is once proved wide stays proved.
    """

    def __init__(self, first: Point) -> None:
        self.first = first
        self.least = first.copy()
        self.most = first.copy()

    def add(self, point: Point | None) -> None:
        if point is not None:
            np.minimum(self.least, point, out=self.least)
            np.maximum(self.most, point, out=self.most)

    def of(self, place: int) -> tuple[float, float]:
        return float(self.least[place]), float(self.most[place])


def wide(low: float, high: float) -> bool:
    """Wide enough for a hidden count."""
    return high - low >= NARROWEST - EXACT


def not_proved(
    programme: Programme,
    asked: Iterable[int],
    reach: Reach,
    enough: Callable[[float, float], bool] = wide,
    *,
    at_most: int | None = None,
) -> list[int]:
    """Those of the asked counts for which no two possible worlds are far enough apart: they are given away.

    With `at_most` it stops when it has found so many.

    One solution is a world for every count at once. Where totals are hidden too, nothing holds their parts back: all
    can be larger together. Then a few worlds with drawn directions prove most of what is left; of a large programme
    worlds of its parts do, with all that is outside a part as it is, and worlds in which one block has what another
    had. What a total holds back is asked some at a time, as many as went into the world before, and one by one only
    where that proves nothing. Directions are drawn alike each time.
    """
    return _Search(programme, reach, enough).not_proved(asked, at_most)


class _Search:
    """For possible worlds in which counts are less or more than in any seen so far."""

    def __init__(self, programme: Programme, reach: Reach, enough: Callable[[float, float], bool]) -> None:
        self.programme, self.reach, self.enough = programme, reach, enough
        self.drawn = np.random.default_rng(5)

    @cached_property
    def alike(self) -> Alike:
        return Alike(self.programme.size, self.programme.sums)

    def not_proved(self, asked: Iterable[int], at_most: int | None) -> list[int]:
        todo = self._left(asked)
        if todo:
            todo = self._larger(todo)
        if todo and self.programme.size > LARGE:
            todo = self._in_directions(todo, lambda number: number * A_GOOD_PART)
            for mixed in MIXED:
                todo = self._in_parts(todo, mixed)
            todo = self._in_exchange(todo)
        todo = self._in_directions(todo, lambda number: 2)
        return self._some_by_some(todo, at_most)

    def _left(self, places: Iterable[int]) -> list[int]:
        return [place for place in places if not self.enough(*self.reach.of(place))]

    def _see(self, world: Point | None, places: Iterable[int]) -> None:
        """Take note of a world, and for those of the places that it does not prove of those that are like it."""
        self.reach.add(world)
        if world is not None:
            for other in self.alike.exchanged(world, self._left(places), self.reach.least, self.reach.most):
                if self.programme.holds(other):
                    self.reach.add(other)

    def _larger(self, places: Sequence[int], among: Sequence[int] | None = None) -> list[int]:
        weights = np.zeros(self.programme.size)
        weights[places] = -1.0
        self._towards(weights, places if among is None else among)
        return self._left(places)

    def _towards(self, weights: Point, places: Sequence[int]) -> None:
        world = self.programme.point(weights, near=self.reach.first, free=self.programme.totals, gap=GAP)
        self._see(world, places)

    def _in_directions(self, places: Sequence[int], fewest: Callable[[int], float]) -> list[int]:
        while places:
            weights = np.zeros(self.programme.size)
            weights[places] = self._direction(len(places))
            for sign in (1, -1):
                self._towards(sign * weights, places)
            before, places = len(places), self._left(places)
            if before - len(places) < fewest(before):
                break
        return list(places)

    def _direction(self, number: int) -> Point:
        return np.asarray(self.drawn.choice([-1.0, 1.0], number) * self.drawn.uniform(0.5, 1.5, number))

    # --- of large programmes -----------------------------------------------------------------------

    def _in_parts(self, places: Sequence[int], mixed: int) -> list[int]:
        """Some blocks at a time, with all others as they are in the first world."""
        first = self.reach.first
        for some in self.alike.some_at_once(LARGE // 2, mixed):
            at = {place: number for number, place in enumerate(some)}
            here = self._left(place for place in places if place in at)
            if not here:
                continue
            part = self.programme.part(some, first)
            everything = True
            while here := self._left(here):
                weights = np.zeros(part.size)
                weights[[at[place] for place in here]] = -1.0 if everything else self._direction(len(here))
                for sign in (1,) if everything else (1, -1):
                    found = part.point(sign * weights, near=first[some], free=part.totals, gap=GAP)
                    self._with(first, some, found)
                if not everything and len(here) - len(self._left(here)) < 2:
                    break
                everything = False
        return self._left(places)

    def _in_exchange(self, places: Sequence[int]) -> list[int]:
        """A total that is nearly used up lets one block be larger at a time: what it has then, each other may have."""
        block_of = {place: block for block in self.alike.apart for place in block}
        in_vain, tried = 0, set[int]()
        while in_vain < IN_VAIN:
            place = next((each for each in places if each in block_of and each not in tried), None)
            if place is None:
                break
            tried.add(place)
            weights = np.zeros(self.programme.size)
            weights[places], weights[place] = SLIGHT, -1.0
            world = self.programme.point(weights, gap=GAP)
            self.reach.add(world)
            before, places = len(places), self._left(places)
            if world is None or place in places:
                # It may be given away, and others may not be.
                in_vain += 1
                continue
            one, still = block_of[place], set(places)
            for block in self.alike.apart:
                if block is not one and not still.isdisjoint(block):
                    self._between(world, sorted(block + one + self.alike.above), [p for p in block if p in still])
            places = self._left(places)
            in_vain = in_vain + 1 if before - len(places) < EXCHANGED else 0
        return list(places)

    def _between(self, world: Point, some: Sequence[int], places: Sequence[int]) -> None:
        """Let these places have what they can have of the others in this part of a world."""
        at = {place: number for number, place in enumerate(some)}
        part = self.programme.part(some, world)
        while places:
            weights = np.zeros(part.size)
            weights[[at[place] for place in places]] = -1.0
            self._with(world, some, part.point(weights, gap=GAP))
            before, places = len(places), self._left(places)
            if len(places) == before:
                break

    def _with(self, world: Point, some: Sequence[int], found: Point | None) -> None:
        if found is not None:
            other = world.copy()
            other[some] = found
            self.reach.add(other)

    # --- to the end --------------------------------------------------------------------------------

    def _some_by_some(self, todo: Sequence[int], at_most: int | None) -> list[int]:
        narrow: list[int] = []
        size = TOGETHER
        while todo and (at_most is None or len(narrow) < at_most):
            some, rest = todo[:size], todo[size:]
            again = self._larger(some, todo)
            if len(again) == len(some):
                for place in some:
                    for sign in (-1, 1):
                        if self._left([place]):
                            self._see(self.programme.end(place, sign), todo)
                    narrow += self._left([place])
                again = []
            # Once more as many as there was room for, and one to see whether there is more.
            size = max(TOGETHER, len(some) - len(again) + 1)
            todo = again + self._left(rest)
        return narrow
