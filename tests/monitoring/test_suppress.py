"""Exact tables: which cells are hidden, what that costs, and what can still be worked out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from monitoring.disclosure import Bounds, Suppression, count_table, suppress

COUNTS = [[20, 14, 3], [17, 12, 11], [25, 16, 13]]
A, B, C = 0, 1, 2
MOBILITY, HEARING, COGNITIVE = 0, 1, 2


def grid_of(cells: list[list[int]]) -> np.ndarray:
    grid = np.array(cells)
    grid = np.hstack([grid, grid.sum(axis=1, keepdims=True)])
    return np.vstack([grid, grid.sum(axis=0, keepdims=True)])


def attacked(cells: list[list[int]], hidden: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[float, float]]:
    """The reader's own programme: hidden counts are anything from 0 up, shown ones are known, lines add up."""
    grid = grid_of(cells)
    height, width = grid.shape
    equations = []
    for i in range(height):
        line = np.zeros(grid.shape)
        line[i, :-1], line[i, -1] = 1, -1
        equations.append(line.ravel())
    for j in range(width):
        line = np.zeros(grid.shape)
        line[:-1, j], line[-1, j] = 1, -1
        equations.append(line.ravel())
    limits = [(0, None) if (i, j) in hidden else (grid[i, j], grid[i, j]) for i in range(height) for j in range(width)]
    found = {}
    for i, j in hidden:
        ends = []
        for sign in (1, -1):
            aim = np.zeros(grid.size)
            aim[i * width + j] = sign
            answer = linprog(aim, A_eq=np.array(equations), b_eq=np.zeros(len(equations)), bounds=limits)
            ends.append(sign * answer.fun if answer.status == 0 else np.inf)
        found[i, j] = (round(ends[0]), ends[1] if np.isinf(ends[1]) else round(ends[1]))
    return found


def safe(cells: list[list[int]], hidden: set[tuple[int, int]]) -> bool:
    return all(high - low >= 10 for low, high in attacked(cells, hidden).values())


def test_golden_s1() -> None:
    found = suppress(count_table(COUNTS), 10)
    assert found.pattern == {(A, COGNITIVE), (A, HEARING), (B, HEARING), (B, COGNITIVE)}
    assert found.primary == {(A, COGNITIVE)}
    assert found.value == 40
    assert found.intervals == {
        (A, COGNITIVE): Bounds(0, 14),
        (A, HEARING): Bounds(3, 17),
        (B, HEARING): Bounds(9, 23),
        (B, COGNITIVE): Bounds(0, 14),
    }
    assert not found.totals_hidden
    assert found.cheapest


def test_the_table_shows_the_rest_and_every_total_exactly() -> None:
    found = suppress(COUNTS, 10)
    assert found.table.cells == ((20, None, None), (17, None, None), (25, 16, 13))
    assert (found.table.row_totals, found.table.column_totals, found.table.total) == ((37, 40, 54), (62, 42, 27), 131)


def test_hiding_too_little_would_give_the_count_away() -> None:
    assert attacked(COUNTS, {(A, COGNITIVE)}) == {(A, COGNITIVE): (3, 3)}
    assert attacked(COUNTS, {(A, COGNITIVE), (A, HEARING)})[A, COGNITIVE] == (3, 3)
    dearer = {(A, COGNITIVE), (A, HEARING), (C, HEARING), (C, COGNITIVE)}
    assert attacked(COUNTS, dearer)[A, COGNITIVE] == (0, 16)


def test_nothing_small_means_nothing_hidden() -> None:
    found = suppress([[20, 30], [40, 50]])
    assert (found.pattern, found.value, found.intervals) == (frozenset(), 0, {})


def test_the_threshold_may_be_another() -> None:
    assert suppress(COUNTS, 3).pattern == frozenset()
    assert suppress(COUNTS, 12).primary == {(A, COGNITIVE), (B, COGNITIVE)}


def test_where_cells_are_not_enough_totals_go_and_it_is_said() -> None:
    found = suppress([[60, 40, 3]], 10)
    assert found.totals_hidden
    assert (0, 2) in found.primary
    # The total of a row stands behind its last column, that of a column under its last row.
    assert (1, 2) in found.primary
    assert all(bounds.width >= 10 for bounds in found.intervals.values())
    assert safe([[60, 40, 3]], set(found.pattern))


def test_a_table_of_one_small_count_hides_everything() -> None:
    found = suppress([[3]], 10)
    assert found.table.total is None
    assert found.intervals[0, 0] == Bounds(0, None)


def test_nought_is_hidden_unless_it_could_be_nothing_else() -> None:
    assert (0, 0) in suppress([[0, 30, 20], [20, 20, 40], [15, 25, 30]]).primary
    table = count_table([[0, 30, 20], [20, 20, 40], [15, 25, 30]], structural_zeros=[(0, 0)])
    assert suppress(table).pattern == frozenset()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        suppress(COUNTS, 0)
    with pytest.raises(ValueError, match="below nought"):
        suppress([[-1, 2]])
    with pytest.raises(ValueError, match="of one length"):
        suppress([[1, 2], [3]])


small_tables = st.lists(
    st.lists(st.integers(0, 14) | st.integers(10, 60), min_size=3, max_size=3), min_size=2, max_size=3
)


@settings(max_examples=12)
@given(small_tables)
def test_the_reader_finds_no_hidden_count_and_the_intervals_are_the_readers_own(cells: list[list[int]]) -> None:
    found = suppress(cells, 10)
    theirs = attacked(cells, set(found.pattern))
    assert {place: (b.low, np.inf if b.high is None else b.high) for place, b in found.intervals.items()} == theirs
    assert all(high - low >= 10 for low, high in theirs.values())
    assert found.value == sum(grid_of(cells)[place] for place in found.pattern)


@settings(max_examples=4)
@given(st.lists(st.lists(st.integers(5, 40), min_size=3, max_size=3), min_size=2, max_size=2))
def test_no_cheaper_choice_of_cells_is_safe(cells: list[list[int]]) -> None:
    """Every choice of cells of a table of two rows and three columns is tried."""
    found = suppress(cells, 10)
    assert found.cheapest
    grid = grid_of(cells)
    inner = [(i, j) for i in range(2) for j in range(3)]
    small = {(i, j) for i in range(3) for j in range(4) if grid[i, j] < 10}
    others = [place for place in inner if place not in small]
    choices = [small | set(more) for size in range(len(others) + 1) for more in combinations(others, size)]
    values = [sum(int(grid[place]) for place in choice) for choice in choices if safe(cells, choice)]
    if values:
        assert found.value == min(values)
    assert bool(values) == _cells_only(found, small)


def _cells_only(found: Suppression, small: set[tuple[int, int]]) -> bool:
    return all(i < 2 and j < 3 for i, j in found.pattern - small)
