"""Exact counts in a table: the cheapest cells to hide so that no hidden count can be worked out.

A count under the threshold is hidden (primary). With the totals exact, that alone hides nothing, so further cells are
hidden (secondary): those with the least sum of counts for which the interval of every hidden cell is wide enough.
They are found in turns. One programme proposes the cheapest cells that meet all demands known so far; another finds
for each hidden cell the least and the most it can be. Where these are too near, their duals say which cells keep them
together, and that at least so much of them must be hidden becomes a new demand. A proposal that needs no new demand
is the cheapest, and proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, linprog, milp

from monitoring.disclosure.figures import NARROWEST, SMALLEST_SHOWN
from monitoring.disclosure.programme import EXACT, Point, _matrix, intervals
from monitoring.disclosure.tables import Counts, Table, as_table
from monitoring.disclosure.webs import ANYTHING, Bounds, structural_noughts

Place = tuple[int, int]
TURNS = 200
FEWER_CELLS = 1e-4
"""What a hidden cell costs besides its count: of two patterns of one value the one with fewer cells."""


@dataclass(frozen=True)
class Suppression:
    """A table of exact counts with cells hidden (None), and what a reader can work out about each of these.

    A place is (row, column) from nought; the total of a row stands in the column after the last, that of a column in
    the row after the last.
    """

    table: Table[int | None]
    primary: frozenset[Place]
    """Hidden because they are under the threshold."""
    secondary: frozenset[Place]
    """Hidden for the sake of the others."""
    value: int
    """The sum of the hidden counts."""
    intervals: dict[Place, Bounds]
    """For each hidden place the least and the most it can be; no limit is None."""
    totals_hidden: bool
    """Whether hiding cells was not enough, so that a total is hidden too."""
    cheapest: bool
    """Whether it is proved that no other choice hides less; a very large table may be given up on before."""

    @property
    def pattern(self) -> frozenset[Place]:
        return self.primary | self.secondary


def suppress(counts: Counts, threshold: int = SMALLEST_SHOWN) -> Suppression:
    """Hide the counts under `threshold` and the cheapest further ones, margins shown wherever that is possible.

    Takes a table of true counts or its bare rows. Nought is hidden with the small ones unless it is structural.
    Every hidden count could be any of a range at least 10 wide, from 0 up, as far as the table tells. Totals are
    hidden only where no choice of cells is enough, or where they are under the threshold themselves. Raises
    `ValueError` for a threshold under 1, a count below nought, and totals that are not the sums.
    """
    table = as_table(counts)
    search = _Search(table, threshold)
    found = search.cheapest(totals=False) or search.cheapest(totals=True)
    assert found is not None, "with everything hidden nothing can be worked out"
    hidden, proved, cheapest = found
    places, true = table.places(), table.flat()
    inner = table.height * table.width
    kept: Sequence[int | None] = [None if place in hidden else n for place, n in enumerate(true)]
    return Suppression(
        table=table.refilled(kept),
        primary=frozenset(places[place] for place in search.primary),
        secondary=frozenset(places[place] for place in hidden - search.primary),
        value=sum(true[place] for place in hidden),
        intervals={places[place]: proved[place] for place in sorted(hidden)},
        totals_hidden=any(place >= inner for place in hidden),
        cheapest=cheapest,
    )


class _Search:
    def __init__(self, table: Table[int], threshold: int) -> None:
        if threshold < 1:
            raise ValueError("The threshold is at least 1.")
        self.true, self.sums = table.flat(), table.sums()
        if any(n < 0 for n in self.true):
            raise ValueError("A count cannot be below nought.")
        if any(sum(self.true[part] for part in one.parts) != self.true[one.total] for one in self.sums):
            raise ValueError("The parts do not add up to the total.")
        self.size, self.inner = len(self.true), table.height * table.width
        self.known = structural_noughts(self.sums, table.structural_places())
        self.primary = {i for i, n in enumerate(self.true) if n < threshold and i not in self.known}
        self.matrix = _matrix(self.size, self.sums)
        self.most = float(sum(self.true) + 10 * NARROWEST)
        # Both programmes of one cell cut the same demands again and again; each is kept once.
        self.demands: dict[bytes, Point] = {}

    def cheapest(self, *, totals: bool) -> tuple[set[int], dict[int, Bounds], bool] | None:
        """The places to hide, what can be worked out of each, and whether it is the least; None where it cannot be.

        Demands stay true whether totals may be hidden or not, so the second search starts with those of the first.
        """
        held: set[int] = set(self.primary)
        turns = 0
        while True:
            proposed = self._propose(held if turns >= TURNS else self.primary, totals=totals)
            if proposed is None:
                return None
            ranges = [ANYTHING if i in proposed else Bounds(n, n) for i, n in enumerate(self.true)]
            proved = intervals(ranges, self.sums, proposed)
            narrow = [place for place in proposed if proved[place].width < NARROWEST]
            if not narrow:
                return proposed, proved, turns < TURNS
            for place in narrow:
                demand = self._demand(place, proposed)
                self.demands[demand.round(6).tobytes()] = demand
            held, turns = proposed, turns + 1

    def _propose(self, held: set[int], *, totals: bool) -> set[int] | None:
        """The cheapest places that meet the demands so far. A total costs more than all cells together."""
        cost = np.array(self.true, dtype=float) + FEWER_CELLS
        cost[self.inner :] += cost[: self.inner].sum() + 1
        high = np.ones(self.size)
        low = np.zeros(self.size)
        if not totals:
            high[self.inner :] = 0
        high[list(self.known)] = 0
        low[list(held)] = high[list(held)] = 1
        answer = milp(
            cost,
            integrality=np.ones(self.size),
            bounds=Box(low, high),
            constraints=LinearConstraint(np.array([*self.demands.values()]), 0, np.inf) if self.demands else None,
            options={"mip_rel_gap": 0},
        )
        return None if answer.x is None else {int(place) for place in np.flatnonzero(answer.x > 0.5)}

    def _demand(self, place: int, hidden: set[int]) -> Point:
        """What has to be hidden for this place to have room: weights w with w·hidden ≥ 0 in every safe pattern.

        The most that a hidden count can rise and fall is, by duality, at most the sum of what each hidden cell could
        give, in multipliers that stay true whatever is hidden. If the place is hidden, that must reach 10; so no
        single cell needs to count for more than 10.
        """
        room = np.zeros(self.size)
        shown = np.array([i not in hidden for i in range(self.size)])
        fall = np.where(shown, 0, -np.array(self.true, dtype=float))
        rise = np.where(shown, 0, self.most)
        for sign in (-1, 1):
            objective = np.zeros(self.size)
            objective[place] = sign
            answer: Any = linprog(
                objective, A_eq=self.matrix, b_eq=np.zeros(len(self.sums)), bounds=np.column_stack([fall, rise])
            )
            slopes = -objective + self.matrix.T @ answer.eqlin.marginals
            slopes[np.abs(slopes) < EXACT] = 0
            room += np.where(slopes > 0, slopes * self.most, -slopes * np.array(self.true, dtype=float))
        demand = np.minimum(room, NARROWEST)
        demand[list(self.known)] = 0
        demand[place] -= NARROWEST
        return demand
