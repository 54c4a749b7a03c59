"""What can be worked out from all sums at once, by linear programming (HiGHS through scipy).

`carried` looks at one sum after another and can call a count well hidden that two sums together give away. Here every
sum holds at once. Counts are whole numbers, so bounds are too: where a corner of the linear programme falls between
whole numbers, it is solved again over whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from monitoring.disclosure.figures import NARROWEST, Protected
from monitoring.disclosure.webs import Bounds, Sum, carried, components, is_tree, range_of

Point = NDArray[np.float64]
EXACT = 1e-6
NEARBY = NARROWEST
"""How far the counts of a possible world may be from the first: else one count takes all the room, and proves alone."""
CORNERS = 8
NODES = 2_000
"""Where the search for whole numbers stops: not at a time, or what is hidden would hang on how busy the machine was."""


class Contradiction(ValueError):
    """What is shown cannot all be true at once."""

    def __init__(self) -> None:
        super().__init__("What is shown cannot all be true at once: a total is not the sum of its parts.")


class Possible:
    """The worlds that are possible: ranges of counts and equations between them. Asked for the best at something.

    The matrix times a world is `right`. `totals` are the places of counts that are sums of others. Without `whole` a
    world may have fractions.
    """

    def __init__(
        self, matrix: Any, right: Point, low: Point, high: Point, totals: Sequence[int], *, whole: bool = True
    ) -> None:
        self.matrix, self.right, self.low, self.high = matrix, right, low, high
        self.totals, self.whole = totals, whole
        self.rows, self.size = len(right), len(low)

    def point(
        self, weights: Point, near: Point | None = None, *, free: Sequence[int] = (), gap: float = 0.0
    ) -> Point | None:
        """A possible world with the least weighted sum; None where none was found within the limit of the search.

        Raises `Contradiction` when there is none. `near` is a world from which no count shall differ by much, but for
        those that are `free`. With a `gap` the sum may be so far, as a share of itself, from the least.
        """
        low, high = self.low, self.high
        if near is not None:
            low, high = np.maximum(low, near - NEARBY), np.minimum(high, near + NEARBY)
            low[free], high[free] = self.low[free], self.high[free]
        found = self._solved(weights, low, high, whole=False)
        if not self.whole:
            return found
        if found is not None and np.abs(found - np.round(found)).max(initial=0) > EXACT:
            found = self._solved(weights, low, high, whole=True, gap=gap)
        return None if found is None else np.round(found)

    def _solved(self, weights: Point, low: Point, high: Point, *, whole: bool, gap: float = 0.0) -> Point | None:
        answer = milp(
            weights,
            integrality=np.full(self.size, int(whole)),
            bounds=Box(low, high),
            constraints=LinearConstraint(self.matrix, self.right, self.right) if self.rows else None,
            options={"node_limit": NODES, "mip_rel_gap": gap},
        )
        if answer.status == 2:
            raise Contradiction
        return None if answer.x is None else np.asarray(answer.x, dtype=float)

    def part(self, places: Sequence[int], world: Point) -> Possible:
        """The same of these places alone, numbered from nought in their order: all others stay as in this world.

        Every possible world of a part is one of the whole.
        """
        rest = world.copy()
        rest[places] = 0
        columns = self.matrix[:, places]
        rows = np.flatnonzero(np.diff(columns.indptr))
        right = (self.right - self.matrix @ rest)[rows]
        totals = set(self.totals)
        return Possible(
            columns[rows],
            right,
            self.low[places],
            self.high[places],
            [number for number, place in enumerate(places) if place in totals],
            whole=self.whole,
        )

    def holds(self, world: Point) -> bool:
        """Whether this is a possible world."""
        inside = (world >= self.low - EXACT).all() and (world <= self.high + EXACT).all()
        return bool(inside and (not self.rows or np.abs(self.matrix @ world - self.right).max() <= EXACT))


class Programme(Possible):
    """What is shown of some counts and the sums that tie them, ready to be asked for the least or the most of each.

    `largest` is a number that no true count is above, where the caller knows one.
    """

    def __init__(self, ranges: Sequence[Bounds], sums: Sequence[Sum], largest: int = 0, *, whole: bool = True) -> None:
        size = len(ranges)
        # No count that is limited at all can be above half of this, and none that is not stays below it. There is room
        # for every count to be larger at the same time.
        known = sum(one.high for one in ranges if one.high is not None)
        ceiling = 1000 + 4 * (largest + known + NEARBY * size)
        low: Point = np.array([one.low for one in ranges], dtype=float)
        high: Point = np.array([ceiling if one.high is None else one.high for one in ranges], dtype=float)
        if (low > high).any():
            raise Contradiction
        totals = sorted({one.total for one in sums})
        super().__init__(_matrix(size, sums), np.zeros(len(sums)), low, high, totals, whole=whole)
        self.unlimited = ceiling // 2
        self.published = [one.high is not None for one in ranges]
        self.sums = sums

    def middle(self) -> Point:
        """A possible world away from the edges: the mean of some corners near the smallest one.

        Raises `Contradiction` when there is none.
        """
        drawn = np.random.default_rng(5)
        smallest = self.point(np.ones(self.size))
        if smallest is None:
            raise Contradiction
        corners = [self.point(drawn.uniform(-1, 1, self.size), near=smallest) for _ in range(CORNERS)]
        return np.asarray(np.mean([smallest, *(corner for corner in corners if corner is not None)], axis=0))

    def end(self, place: int, sign: int) -> Point | None:
        """A possible world in which one count is at its least (1) or at its most (-1)."""
        weights = np.zeros(self.size)
        weights[place] = sign
        return self.point(weights)

    def interval(self, place: int) -> Bounds:
        """The least and the most that one count can be."""
        least, most = self.end(place, 1), self.end(place, -1)
        low = 0 if least is None else ceil(least[place] - EXACT)
        high = None if most is None or most[place] >= self.unlimited else floor(most[place] + EXACT)
        return Bounds(low, high)

    def given_by(self, place: int) -> dict[int, float]:
        """The published counts that limit this one, with how far each moves its least and its most together.

        Above nought are those that hold it from above (its total), below nought those that are taken off (other
        parts). By duality these alone, with the sums, prove the interval.
        """
        weights: dict[int, float] = {}
        for sign in (-1, 1):
            objective = np.zeros(self.size)
            objective[place] = sign
            answer: Any = linprog(
                objective,
                A_eq=self.matrix if self.rows else None,
                b_eq=self.right if self.rows else None,
                bounds=np.column_stack([self.low, self.high]),
                method="highs",
            )
            if answer.status == 2:
                raise Contradiction
            if answer.status == 0:
                slopes = (answer.lower.marginals + answer.upper.marginals) * sign
                for at in np.flatnonzero(np.abs(slopes) > EXACT):
                    if self.published[at]:
                        weights[int(at)] = weights.get(int(at), 0.0) + float(slopes[at])
        return weights


def intervals(ranges: Sequence[Bounds], sums: Sequence[Sum], asked: Iterable[int]) -> dict[int, Bounds]:
    """The exact interval of each asked count. Raises `Contradiction` when no counts fit what is shown."""
    wanted = set(asked)
    found: dict[int, Bounds] = {}
    for places, tied in components(len(ranges), sums):
        here = [place for place in places if place in wanted]
        if not here:
            continue
        if is_tree(places, tied):
            bounds = carried(ranges, tied)
            if any(bounds[place].empty for place in places):
                raise Contradiction
            found |= {place: bounds[place] for place in here}
        else:
            programme, at = piece(ranges, places, tied)
            found |= {place: programme.interval(at[place]) for place in here}
    return found


def piece(
    ranges: Sequence[Bounds], places: Sequence[int], sums: Sequence[Sum], largest: int = 0, *, whole: bool = True
) -> tuple[Programme, dict[int, int]]:
    """The programme of one piece of a web, and where each of its places stands in it."""
    at = {place: number for number, place in enumerate(places)}
    tied = [Sum(at[one.total], tuple(at[part] for part in one.parts)) for one in sums]
    return Programme([ranges[place] for place in places], tied, largest, whole=whole), at


def feasible(protected: Sequence[Protected], sums: Sequence[Sum]) -> dict[int, Bounds]:
    """What can be worked out about each hidden count from what is shown, by its place."""
    hidden = [place for place, one in enumerate(protected) if not one.shown]
    return intervals([range_of(one) for one in protected], sums, hidden)


def _matrix(size: int, sums: Sequence[Sum]) -> Any:
    rows = [number for number, one in enumerate(sums) for _ in one.places]
    columns = [place for one in sums for place in one.places]
    values = [value for one in sums for value in (*[1.0] * len(one.parts), -1.0)]
    return csr_array((values, (rows, columns)), shape=(len(sums), size))
