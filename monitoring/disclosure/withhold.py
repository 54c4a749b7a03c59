"""Rounded counts: hiding more until no hidden count can be worked out, and the proof that none can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from monitoring.disclosure.alike import MANY
from monitoring.disclosure.figures import NARROWEST, TOO_FEW, Protected, State, protect_count
from monitoring.disclosure.programme import piece
from monitoring.disclosure.proving import Reach, not_proved, wide
from monitoring.disclosure.tables import Counts, Table, as_table
from monitoring.disclosure.webs import (
    Bounds,
    Sum,
    carried,
    components,
    is_tree,
    range_of,
    structural_noughts,
    sums_by_place,
    through,
)

AT_ONCE = 12
"""How many counts that only the linear programme finds are mended in one round."""


class NothingLeftToHide(ValueError):
    """A hidden count is given away by what cannot be hidden any more: structural noughts or an earlier release."""

    def __init__(self, place: int) -> None:
        super().__init__("A hidden count is limited by nothing that could be hidden.")
        self.place = place


@dataclass(frozen=True)
class Withheld:
    """A total and its parts as they may be published together."""

    parts: tuple[Protected, ...]
    total: Protected


def withhold(parts: Sequence[int], total: int, structural_zeros: Collection[int] = ()) -> Withheld:
    """Parts and their total by 10-5, with more hidden where a hidden part could be worked out.

    A hidden count must be able to be any of a range at least 10 wide, whatever is shown. Where it is not, the
    smallest shown part is hidden too, or the total when no part is left to hide. `structural_zeros` are places
    of parts. Raises `ValueError` when the parts do not add up to the total.
    """
    counts = [*parts, total]
    protected = withhold_all(counts, [Sum(len(parts), tuple(range(len(parts))))], structural_zeros)
    return Withheld(protected[:-1], protected[-1])


def withhold_table(counts: Counts) -> Table[Protected]:
    """`ten_five` of a table, with more hidden where rows and columns let a hidden cell be worked out."""
    table = as_table(counts)
    return table.refilled(withhold_all(table.flat(), table.sums(), table.structural_places()))


def withhold_all(
    counts: Sequence[int],
    sums: Iterable[Sum],
    structural_zeros: Collection[int] = (),
    keep: Sequence[int] | None = None,
    figures: Iterable[Sequence[int]] = (),
    out: Mapping[int, Protected] | None = None,
    unknown: Collection[int] = (),
    withheld: Collection[int] = (),
) -> tuple[Protected, ...]:
    """Counts tied together by any number of sums (months of a quarter, prisons of the nation), made safe together.

    `keep` has a number for each count: where more must be hidden, the lowest goes first (0 for a prison's month, say,
    and 3 for the nation's quarter). Without it parts go before totals and small counts before large ones.
    `figures` are the places that are published as one figure (a share's part, rest and whole): when one is hidden, the
    figure is. A place may be part of several figures, and is hidden when all of them are. `withheld` are the numbers
    of figures that are hidden whatever their counts. `out` is what an earlier release shows or hides of some counts;
    it stays as it is. `unknown` are places that are published nowhere and need no proof: they only loosen the sums
    that they are part of.

    Every hidden count is proved able to be any of a range at least 10 wide: two sets of whole counts that agree with
    everything shown have it so far apart. Raises `ValueError` when parts do not add up to their total, or when what
    is out already gives a hidden count away.
    """
    sums = tuple(sums)
    for one in sums:
        if sum(counts[part] for part in one.parts) != counts[one.total]:
            raise ValueError("The parts do not add up to the total.")
    structural = structural_noughts(sums, structural_zeros)
    protected = [protect_count(n, place in structural) for place, n in enumerate(counts)]
    for place, shown in (dict.fromkeys(unknown, TOO_FEW) | dict(out or {})).items():
        protected[place] = shown
    fixed = {*unknown, *(out or ())}
    chooser = _Chooser(counts, sums, keep or [0] * len(counts), fixed)
    joined = _Figures(figures, fixed, withheld)
    joined.close(protected)
    pieces = _Pieces(counts, sums)
    while True:
        ranges = [range_of(one) for one in protected]
        hidden = {place for place, one in enumerate(protected) if not one.shown}.difference(unknown)
        bounds = carried(ranges, sums)
        exposed = [place for place in hidden if bounds[place].width < NARROWEST]
        if exposed:
            chosen = chooser.by_one_sum(exposed, protected, bounds)
        else:
            chosen = pieces.by_all_sums(hidden, ranges, protected, chooser)
        if not chosen:
            return tuple(protected)
        for place in chosen:
            protected[place] = TOO_FEW
        joined.close(protected)


class _Figures:
    """Counts that are published as one figure, and the figures that a count is published with."""

    def __init__(self, figures: Iterable[Sequence[int]], out: Collection[int], withheld: Collection[int]) -> None:
        self.figures = [tuple(place for place in one if place not in out) for one in figures]
        self.hidden = set(withheld)
        self.of: dict[int, list[int]] = {}
        for number, one in enumerate(self.figures):
            for place in one:
                self.of.setdefault(place, []).append(number)

    def close(self, protected: list[Protected]) -> None:
        """Hide each figure of which a part is hidden, and what is then published with none. A structural nought is
        known, hidden or not."""
        waiting = list(range(len(self.figures)))
        while waiting:
            number = waiting.pop()
            one = self.figures[number]
            if number not in self.hidden and all(protected[place].shown for place in one):
                continue
            self.hidden.add(number)
            for place in one:
                if protected[place].state is State.VALUE and self.hidden.issuperset(self.of[place]):
                    protected[place] = TOO_FEW
                    waiting += self.of[place]


class _Chooser:
    """Which shown counts to hide next. `keep` says which to hide last."""

    def __init__(self, counts: Sequence[int], sums: Sequence[Sum], keep: Sequence[int], out: Collection[int]) -> None:
        totals = Counter(one.total for one in sums)
        self.order = [(keep[place], totals[place], n, place) for place, n in enumerate(counts)]
        self.sums_of = sums_by_place(sums)
        self.out = out

    def by_one_sum(self, exposed: Iterable[int], protected: Sequence[Protected], bounds: Sequence[Bounds]) -> set[int]:
        """The shown counts to hide in one round: one for each exposed one that no other choice may help."""
        narrow = {place: self._narrow(place, protected, bounds) for place in exposed}
        chosen: set[int] = set()
        looked_at: set[int] = set()
        # What costs least first: it may be all that a dearer one needs.
        for place in sorted(narrow, key=lambda place: self._cost(narrow[place], protected)):
            # What is hidden for a count beside it may help this one as well.
            if looked_at.isdisjoint(narrow[place].places):
                found = self.nearest_shown(place, narrow[place].places, protected, chosen)
                if found is not None:
                    chosen.add(found)
            looked_at.add(place)
        return chosen

    def _narrow(self, place: int, protected: Sequence[Protected], bounds: Sequence[Bounds]) -> Sum:
        """The sum that tells most of a count; of those that tell equally much, one with something left to hide."""
        return min(
            self.sums_of[place],
            key=lambda one: (_width_by(one, place, bounds), self.first(one.places, protected) is None),
        )

    def _cost(self, one: Sum, protected: Sequence[Protected]) -> tuple[bool, tuple[int, ...]]:
        first = self.first(one.places, protected)
        return (first is None, () if first is None else self.order[first])

    def first(self, places: Iterable[int], protected: Sequence[Protected]) -> int | None:
        """Of these the shown count to hide first. What is kept least; parts before what adds up more; small ones."""
        shown = [place for place in places if protected[place].state is State.VALUE and place not in self.out]
        return min(shown, key=lambda place: self.order[place], default=None)

    def nearest_shown(
        self, place: int, places: Iterable[int], protected: Sequence[Protected], chosen: Collection[int] = ()
    ) -> int | None:
        """The shown count to hide in the sum that gives most away, else in one that its hidden counts lead to.

        None where on the way one is met that is `chosen` already: hiding it may help this one too.
        """
        reached = set(places)
        while True:
            if not reached.isdisjoint(chosen):
                return None
            found = self.first(reached, protected)
            if found is not None:
                return found
            size = len(reached)
            for each in tuple(reached):
                for one in self.sums_of[each]:
                    reached.update(one.places)
            if len(reached) == size:
                raise NothingLeftToHide(place)


class _Pieces:
    """The web in pieces with a ring in them: only there can a linear programme tell more than `carried`.

    What the sums of few parts give away, such as those of one prison, is looked for first, on small programmes: the
    sums of many leave no count more room. The proofs stand on all sums together.
    """

    def __init__(self, counts: Sequence[int], sums: Sequence[Sum]) -> None:
        self.counts = counts
        steps = [[one for one in sums if len(one.parts) <= MANY], list(sums)]
        self.steps = [self._pieces(some) for some in (steps if len(steps[0]) < len(sums) else steps[1:])]

    def _pieces(self, sums: Sequence[Sum]) -> list[_Piece]:
        return [
            _Piece(places, tied, Reach(np.array([self.counts[place] for place in places], dtype=float)))
            for places, tied in components(len(self.counts), sums)
            if not is_tree(places, tied)
        ]

    def by_all_sums(
        self, hidden: Collection[int], ranges: Sequence[Bounds], protected: Sequence[Protected], chooser: _Chooser
    ) -> set[int]:
        """The shown counts to hide for what only several sums together give away. None: everything hidden is proved."""
        chosen: set[int] = set()
        for pieces in self.steps:
            for one in pieces:
                chosen |= one.to_hide(hidden, ranges, protected, chooser)
            if chosen:
                break
        return chosen


@dataclass(frozen=True)
class _Piece:
    """What no other sum ties to the rest, and the possible worlds seen of it so far."""

    places: Sequence[int]
    sums: Sequence[Sum]
    reach: Reach

    def to_hide(
        self, hidden: Collection[int], ranges: Sequence[Bounds], protected: Sequence[Protected], chooser: _Chooser
    ) -> set[int]:
        """The shown counts to hide for what the sums of this piece give away."""
        asked = [at for at, place in enumerate(self.places) if place in hidden and not wide(*self.reach.of(at))]
        if not asked:
            return set()
        chosen: set[int] = set()
        programme, _ = piece(ranges, self.places, self.sums, int(self.reach.first.max()))
        for number in not_proved(programme, asked, self.reach, at_most=AT_ONCE):
            giving = {self.places[other] for other in programme.given_by(number)}
            if chosen.isdisjoint(giving):
                first = chooser.first(giving, protected)
                place = self.places[number]
                nearest = chooser.nearest_shown(place, [place], protected) if first is None else first
                assert nearest is not None
                chosen.add(nearest)
        return chosen


def _width_by(one: Sum, place: int, bounds: Sequence[Bounds]) -> float:
    """How narrow one sum alone makes a count."""
    return min(found.width for at, found in through(one, bounds) if at == place)
