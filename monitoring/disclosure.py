"""Disclosure control of everything that leaves a prison. Pure: numbers in, protected numbers out.

The rule is 10-5 (Office for National Statistics): a count under 10 is hidden, nought with the small ones unless it is
structural (it could not have been otherwise); the rest are rounded to the nearest 5, totals from the true totals;
a share or rate is made from the rounded parts and withheld when its denominator is under 10. Rounding alone lets
a hidden part be worked out from its total, so `withhold` hides more until it cannot be. The audit by linear
programming over whole releases comes on top of this, not instead of it.

"Too few to show" is a state of a release, never of a figure kept inside a prison.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

SMALLEST_SHOWN = 10
ROUNDED_TO = 5
NARROWEST = 10
"""The least width (highest less lowest) of what may be worked out about a hidden count."""

CellT = TypeVar("CellT")


class State(StrEnum):
    """What a figure is. The codes are those of `FigureState`, the words those on page, chart, file and API."""

    VALUE = "VALUE"
    NONE = "NONE"
    NOT_RETURNED = "NOT_RETURNED"
    NOT_REACHED = "NOT_REACHED"
    TOO_FEW = "TOO_FEW"
    NOT_YET_DUE = "NOT_YET_DUE"

    @property
    def words(self) -> str:
        return {
            State.VALUE: "A number",
            State.NONE: "None",
            State.NOT_RETURNED: "No return",
            State.NOT_REACHED: "Not reached yet",
            State.TOO_FEW: "Too few to show",
            State.NOT_YET_DUE: "Not yet due",
        }[self]


@dataclass(frozen=True)
class Protected:
    """A figure as it may be published: `value` only with VALUE (a number) and NONE (nought).

    Shares and rates also carry the rounded parts they were made from.
    """

    state: State
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.value is None) is (self.state in (State.VALUE, State.NONE)):
            raise ValueError("A figure has a value when its state says so, and only then.")

    @property
    def shown(self) -> bool:
        return self.value is not None


TOO_FEW = Protected(State.TOO_FEW)


def protect_count(n: int, structural_zero: bool = False) -> Protected:
    """A count by the 10-5 rule. Raises `ValueError` for a count below nought or a structural nought that is none."""
    _check_count(n)
    if structural_zero:
        if n:
            raise ValueError("Only nought can be a structural nought.")
        return Protected(State.NONE, Decimal(0))
    if n < SMALLEST_SHOWN:
        return TOO_FEW
    return Protected(State.VALUE, Decimal(_to_nearest(n)))


def protect_share(numerator: int, denominator: int) -> Protected:
    """A share of 1 from rounded parts, where the numerator is part of the denominator.

    Withheld when the denominator, the numerator, or what is left of the denominator is under 10: with the two
    published, the third could be worked out. Raises `ValueError` when the numerator is the larger.
    """
    _check_count(numerator)
    _check_count(denominator)
    if numerator > denominator:
        raise ValueError("A part cannot be more than its whole.")
    if min(numerator, denominator - numerator) < SMALLEST_SHOWN:
        return TOO_FEW
    return _quotient(numerator, denominator, 1)


def protect_rate(numerator: int, denominator: int, per: int = 1) -> Protected:
    """A rate `per` so many of the denominator, from rounded parts; the numerator is no part of the denominator.

    Withheld when either is under 10.
    """
    _check_count(numerator)
    _check_count(denominator)
    if min(numerator, denominator) < SMALLEST_SHOWN:
        return TOO_FEW
    return _quotient(numerator, denominator, per)


def protect_median(days: Decimal | float | None, n: int) -> Protected:
    """A median to whole days, withheld under 10 people; "not reached" (`None`) is withheld too."""
    _check_count(n)
    if days is None or n < SMALLEST_SHOWN:
        return TOO_FEW
    return Protected(State.VALUE, Decimal(days).quantize(Decimal(1)), denominator=Decimal(_to_nearest(n)))


def midpoint6(n: int) -> int:
    """Midpoint-6 rounding (OpenSAFELY), for comparison: 1 to 6 are 3, 7 to 12 are 9; nought stays."""
    _check_count(n)
    return -(-n // 6) * 6 - 3 if n else 0


# --- tables --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table(Generic[CellT]):
    """A table with its margins. Rows of `cells` are as long as `columns`; labels may be left out."""

    cells: tuple[tuple[CellT, ...], ...]
    row_totals: tuple[CellT, ...]
    column_totals: tuple[CellT, ...]
    total: CellT
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    structural_zeros: frozenset[tuple[int, int]] = frozenset()
    """Places (row, column) from nought that could hold nothing else."""


def count_table(
    cells: Sequence[Sequence[int]],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    structural_zeros: Collection[tuple[int, int]] = (),
) -> Table[int]:
    """A table of true counts with its totals added up. Raises `ValueError` when its rows differ in length."""
    if len({len(row) for row in cells}) > 1:
        raise ValueError("The rows of a table are of one length.")
    return Table(
        cells=tuple(tuple(row) for row in cells),
        row_totals=tuple(sum(row) for row in cells),
        column_totals=tuple(sum(column) for column in zip(*cells, strict=True)),
        total=sum(map(sum, cells)),
        rows=tuple(rows),
        columns=tuple(columns),
        structural_zeros=frozenset(structural_zeros),
    )


def ten_five(table: Table[int]) -> Table[Protected]:
    """Every cell and every total by the 10-5 rule, totals rounded from the true totals.

    This rule by itself does not stop a hidden cell from being worked out: see `withhold_table`.
    """
    return Table(
        cells=tuple(
            tuple(protect_count(n, (i, j) in table.structural_zeros) for j, n in enumerate(row))
            for i, row in enumerate(table.cells)
        ),
        row_totals=tuple(map(protect_count, table.row_totals)),
        column_totals=tuple(map(protect_count, table.column_totals)),
        total=protect_count(table.total),
        rows=table.rows,
        columns=table.columns,
        structural_zeros=table.structural_zeros,
    )


# --- what can be worked out ----------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """One equation the reader knows: the count at `total` is the sum of those at `parts`."""

    total: int
    parts: tuple[int, ...]


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


def withhold_table(table: Table[int]) -> Table[Protected]:
    """`ten_five` of a table, with more hidden where rows and columns let a hidden cell be worked out."""
    height, width = len(table.row_totals), len(table.column_totals)
    counts = [n for row in table.cells for n in row] + [*table.row_totals, *table.column_totals, table.total]
    first_row, first_column, last = height * width, height * width + height, height * width + height + width
    sums = [Sum(first_row + i, tuple(range(i * width, (i + 1) * width))) for i in range(height)]
    sums += [Sum(first_column + j, tuple(range(j, height * width, width))) for j in range(width)]
    sums += [Sum(last, tuple(range(first_row, first_column))), Sum(last, tuple(range(first_column, last)))]
    structural = {i * width + j for i, j in table.structural_zeros}
    done = withhold_all(counts, sums, structural)
    return Table(
        cells=tuple(done[i * width : (i + 1) * width] for i in range(height)),
        row_totals=done[first_row:first_column],
        column_totals=done[first_column:last],
        total=done[last],
        rows=table.rows,
        columns=table.columns,
        structural_zeros=table.structural_zeros,
    )


def withhold_all(
    counts: Sequence[int],
    sums: Iterable[Sum],
    structural_zeros: Collection[int] = (),
    keep: Sequence[int] | None = None,
) -> tuple[Protected, ...]:
    """Counts tied together by any number of sums (months of a quarter, prisons of the nation), made safe together.

    `keep` has a number for each count: where more must be hidden, the lowest goes first (0 for a prison's month, say,
    and 3 for the nation's quarter). Without it parts go before totals and small counts before large ones.

    What a reader could work out is found by carrying intervals through the sums until nothing moves. With one sum
    that is exact; with several it can overlook what only a linear programme finds.
    """
    sums = tuple(sums)
    for one in sums:
        if sum(counts[part] for part in one.parts) != counts[one.total]:
            raise ValueError("The parts do not add up to the total.")
    structural = _structural(sums, structural_zeros)
    protected = [protect_count(n, place in structural) for place, n in enumerate(counts)]
    web = _Web(counts, sums, keep or [0] * len(counts))
    while True:
        bounds = _carried(protected, sums)
        exposed = [place for place, one in enumerate(protected) if not one.shown and bounds[place].width < NARROWEST]
        if not exposed:
            return tuple(protected)
        for place in web.next_to_hide(exposed, protected, bounds):
            protected[place] = TOO_FEW


def _structural(sums: Sequence[Sum], given: Collection[int]) -> set[int]:
    """The structural noughts with those that follow: a total of nothing else, and the parts of such a total."""
    structural: set[int] = set()
    found = set(given)
    while found - structural:
        structural |= found
        found = {one.total for one in sums if one.parts and structural.issuperset(one.parts)}
        found |= {part for one in sums if one.total in structural for part in one.parts}
    return structural


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a count can be; `high` is `None` when nothing limits it."""

    low: int
    high: int | None

    @property
    def width(self) -> float:
        return float("inf") if self.high is None else self.high - self.low


def feasible(protected: Sequence[Protected], sums: Sequence[Sum]) -> dict[int, Bounds]:
    """What can be worked out about each hidden count from what is shown, by its place."""
    bounds = _carried(protected, sums)
    return {place: bounds[place] for place, one in enumerate(protected) if not one.shown}


def _carried(protected: Sequence[Protected], sums: Sequence[Sum]) -> list[Bounds]:
    """The bounds of every count, carried through the sums until nothing moves."""
    bounds = [_bounds_of(one) for one in protected]
    moved = True
    while moved:
        moved = False
        for one in sums:
            for place, found in _through(one, bounds):
                tighter = _both(bounds[place], found)
                if tighter != bounds[place]:
                    bounds[place], moved = tighter, True
    return bounds


def _bounds_of(protected: Protected) -> Bounds:
    """The true counts behind what is shown; a reader who knows the rule knows that none is under 10."""
    if protected.value is None:
        return Bounds(0, None)
    shown = int(protected.value)
    if protected.state is State.NONE:
        return Bounds(shown, shown)
    return Bounds(max(SMALLEST_SHOWN, shown - ROUNDED_TO // 2), shown + ROUNDED_TO // 2)


def _through(one: Sum, bounds: Sequence[Bounds]) -> list[tuple[int, Bounds]]:
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


def _both(one: Bounds, other: Bounds) -> Bounds:
    highs = [high for high in (one.high, other.high) if high is not None]
    return Bounds(max(one.low, other.low), min(highs) if highs else None)


class _Web:
    """Which counts stand in which sums, to find what to hide next. `keep` says which to hide last."""

    def __init__(self, counts: Sequence[int], sums: Sequence[Sum], keep: Sequence[int]) -> None:
        totals = {one.total for one in sums}
        self.order = [(keep[place], place in totals, n, place) for place, n in enumerate(counts)]
        self.sums_of: dict[int, list[Sum]] = {}
        for one in sums:
            for place in {*one.parts, one.total}:
                self.sums_of.setdefault(place, []).append(one)

    def next_to_hide(
        self, exposed: Iterable[int], protected: Sequence[Protected], bounds: Sequence[Bounds]
    ) -> set[int]:
        """The shown counts to hide in one round: one for each exposed one that no other choice may help."""
        chosen: set[int] = set()
        for place in exposed:
            narrow = min(self.sums_of[place], key=lambda one: _width_by(one, place, bounds))
            if chosen.isdisjoint((*narrow.parts, narrow.total)):
                chosen.add(self.nearest_shown(narrow, protected))
        return chosen

    def nearest_shown(self, narrow: Sum, protected: Sequence[Protected]) -> int:
        """The shown count to hide in the sum that gives most away, else in one that its hidden counts lead to.

        What is kept least first; a part before a total, the smallest before the rest.
        """
        reached = {*narrow.parts, narrow.total}
        while True:
            shown = [place for place in reached if protected[place].state is State.VALUE]
            if shown:
                return min(shown, key=lambda place: self.order[place])
            size = len(reached)
            for place in tuple(reached):
                for one in self.sums_of[place]:
                    reached.update((*one.parts, one.total))
            if len(reached) == size:
                raise ValueError("A hidden count is limited by nothing that could be hidden.")


def _width_by(one: Sum, place: int, bounds: Sequence[Bounds]) -> float:
    """How narrow one sum alone makes a count."""
    return min(found.width for at, found in _through(one, bounds) if at == place)


# --- small parts ---------------------------------------------------------------------------------


def _check_count(n: int) -> None:
    if n < 0:
        raise ValueError("A count cannot be below nought.")


def _to_nearest(n: int) -> int:
    return (n + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO


def _quotient(numerator: int, denominator: int, per: int) -> Protected:
    above, below = Decimal(_to_nearest(numerator)), Decimal(_to_nearest(denominator))
    return Protected(State.VALUE, above / below * per, numerator=above, denominator=below)
