from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.disclosure import (
    NARROWEST,
    TOO_FEW,
    Protected,
    State,
    Sum,
    Table,
    count_table,
    feasible,
    midpoint6,
    protect_count,
    protect_median,
    protect_rate,
    protect_share,
    ten_five,
    withhold,
    withhold_all,
    withhold_table,
)

S1 = count_table([[20, 14, 3], [17, 12, 11], [25, 16, 13]], rows=["A", "B", "C"])


def shown(cells: tuple[Protected, ...]) -> list[int | None]:
    return [None if cell.value is None else int(cell.value) for cell in cells]


@pytest.mark.parametrize(
    ("n", "value"),
    [(0, None), (1, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (131, 130)],
)
def test_counts(n: int, value: int | None) -> None:
    protected = protect_count(n)
    assert shown((protected,)) == [value]
    assert protected.state is (State.TOO_FEW if value is None else State.VALUE)


def test_a_structural_nought_is_none_and_shown() -> None:
    assert protect_count(0, structural_zero=True) == Protected(State.NONE, Decimal(0))


@pytest.mark.parametrize(("n", "structural"), [(-1, False), (3, True)])
def test_impossible_counts_are_refused(n: int, structural: bool) -> None:
    with pytest.raises(ValueError, match="nought"):
        protect_count(n, structural_zero=structural)


def test_the_table_of_golden_s2() -> None:
    table = ten_five(S1)
    assert [shown(row) for row in table.cells] == [[20, 15, None], [15, 10, 10], [25, 15, 15]]
    assert shown(table.row_totals) == [35, 40, 55]
    assert shown(table.column_totals) == [60, 40, 25]
    assert shown((table.total,)) == [130]
    assert table.rows == ("A", "B", "C")


@pytest.mark.parametrize(
    ("n", "rounded"),
    [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15), (18, 15), (19, 21), (100, 99)],
)
def test_midpoint_six_of_golden_s3(n: int, rounded: int) -> None:
    assert midpoint6(n) == rounded


def test_a_share_is_made_from_rounded_parts() -> None:
    share = protect_share(87, 122)
    assert share == Protected(State.VALUE, Decimal(85) / Decimal(120), Decimal(85), Decimal(120))


@pytest.mark.parametrize(("numerator", "denominator"), [(3, 9), (0, 50), (9, 50), (41, 50), (50, 50), (0, 0)])
def test_a_share_with_a_small_part_is_withheld(numerator: int, denominator: int) -> None:
    assert protect_share(numerator, denominator) == TOO_FEW


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="more than its whole"):
        protect_share(5, 4)


def test_rates() -> None:
    assert protect_rate(12, 1998, per=1000).value == Decimal(5)
    assert protect_rate(9, 1998, per=1000) == TOO_FEW
    assert protect_rate(12, 9) == TOO_FEW


def test_medians() -> None:
    assert protect_median(12.4, 23) == Protected(State.VALUE, Decimal(12), denominator=Decimal(25))
    assert protect_median(12.4, 9) == protect_median(None, 50) == TOO_FEW


def test_every_state_has_words() -> None:
    assert State.TOO_FEW.words == "Too few to show"
    assert len({state.words for state in State}) == len(State)


@pytest.mark.parametrize(("state", "value"), [(State.TOO_FEW, Decimal(3)), (State.VALUE, None)])
def test_a_state_and_a_value_that_disagree_are_refused(state: State, value: Decimal | None) -> None:
    with pytest.raises(ValueError, match="when its state says so"):
        Protected(state, value)


# --- what can be worked out ----------------------------------------------------------------------


def test_one_hidden_part_takes_the_smallest_shown_part_with_it() -> None:
    found = withhold([20, 14, 3], 37)
    assert shown(found.parts) == [20, None, None]
    assert shown((found.total,)) == [35]


def test_with_no_part_left_to_hide_the_total_goes() -> None:
    found = withhold([3], 3)
    assert (shown(found.parts), shown((found.total,))) == ([None], [None])
    found = withhold([0, 30], 30)
    assert (shown(found.parts), shown((found.total,))) == ([None, None], [30])
    found = withhold([12, 0], 12, structural_zeros=[1])
    assert (shown(found.parts), shown((found.total,))) == ([10, 0], [10])


def test_two_hidden_parts_in_a_narrow_range_take_a_third_with_them() -> None:
    found = withhold([60, 30, 1, 1], 92)
    assert shown(found.parts) == [60, None, None, None]


def test_hidden_parts_with_room_between_them_are_left() -> None:
    found = withhold([9, 8, 9, 100], 126)
    assert shown(found.parts) == [None, None, None, 100]
    assert shown((found.total,)) == [125]


def test_nothing_hidden_stays_as_it_is() -> None:
    found = withhold([20, 30], 50)
    assert (shown(found.parts), shown((found.total,))) == ([20, 30], [50])


def test_only_structural_noughts_make_a_structural_total() -> None:
    found = withhold([0, 0], 0, structural_zeros=[0, 1])
    assert found.total.state is State.NONE


def test_the_parts_of_a_structural_nought_are_structural() -> None:
    found = withhold([0, 0], 0, structural_zeros=[2])
    assert [part.state for part in found.parts] == [State.NONE, State.NONE]


def test_parts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        withhold([1, 2], 4)


def test_the_hidden_cell_of_s1_cannot_be_worked_out() -> None:
    table = withhold_table(S1)
    hidden = [(i, j) for i, row in enumerate(table.cells) for j, cell in enumerate(row) if not cell.shown]
    assert (0, 2) in hidden
    assert len(hidden) >= 4
    assert table.total.shown
    assert narrowest_of_table(table) >= NARROWEST


def test_a_quarter_and_the_nation_are_protected_together() -> None:
    """Three prisons, one of them small: the nation less the other two must not give it away."""
    protected = withhold_all([50, 40, 1, 91], [Sum(3, (0, 1, 2))])
    assert shown(protected) == [50, None, None, 90]


def narrowest_of_table(table: Table[Protected]) -> float:
    """The attacker: everything shown in the table, as ranges, pushed through every row and column."""
    height, width = len(table.row_totals), len(table.column_totals)
    low: dict[tuple[int, int], float] = {}
    high: dict[tuple[int, int], float] = {}
    grid = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    grid.append([*table.column_totals, table.total])
    for i, row in enumerate(grid):
        for j, cell in enumerate(row):
            value = cell.value
            low[i, j] = 0 if value is None else max(10, int(value) - 2) if value else 0
            high[i, j] = float("inf") if value is None else int(value) + 2 if value else 0
    lines = [[(i, j) for j in range(width + 1)] for i in range(height + 1)]
    lines += [[(i, j) for i in range(height + 1)] for j in range(width + 1)]
    for _ in range(60):
        for *parts, total in lines:
            low[total] = max(low[total], sum(low[p] for p in parts))
            high[total] = min(high[total], sum(high[p] for p in parts))
            for part in parts:
                others = [p for p in parts if p != part]
                high[part] = min(high[part], high[total] - sum(low[p] for p in others))
                low[part] = max(low[part], low[total] - sum(high[p] for p in others))
    hidden = [(i, j) for i, row in enumerate(grid) for j, cell in enumerate(row) if cell.value is None]
    return min((high[place] - low[place] for place in hidden), default=float("inf"))


counts = st.integers(0, 12) | st.integers(0, 60) | st.integers(0, 2000)


def possible(cell: Protected) -> tuple[int, float]:
    if cell.value is None:
        return 0, float("inf")
    value = int(cell.value)
    return (0, 0) if cell.state is State.NONE else (max(10, value - 2), value + 2)


@given(st.lists(counts, min_size=1, max_size=8), st.booleans())
def test_the_attacker_cannot_pin_a_hidden_part(parts: list[int], first_structural: bool) -> None:
    """For one sum the reader's best is interval arithmetic, done here again by hand."""
    structural = [0] if first_structural and parts[0] == 0 else []
    found = withhold(parts, sum(parts), structural_zeros=structural)
    total_low, total_high = possible(found.total)
    for place, part in enumerate(found.parts):
        if part.shown:
            continue
        others = [possible(other) for other_place, other in enumerate(found.parts) if other_place != place]
        low = max(0, total_low - sum(high for _, high in others))
        high = total_high - sum(low for low, _ in others)
        assert high - low >= NARROWEST
    if not found.total.shown:
        ranges = [possible(part) for part in found.parts]
        assert sum(high for _, high in ranges) - sum(low for low, _ in ranges) >= NARROWEST


@given(st.lists(counts, min_size=1, max_size=8))
def test_the_truth_is_always_possible_and_nothing_small_is_shown(parts: list[int]) -> None:
    found = withhold(parts, sum(parts))
    for true, cell in zip([*parts, sum(parts)], [*found.parts, found.total], strict=True):
        low, high = possible(cell)
        assert low <= true <= high
        assert true >= 10 or not cell.shown


@given(st.lists(counts, min_size=2, max_size=8))
def test_no_more_is_hidden_than_one_part_or_the_total(parts: list[int]) -> None:
    found = withhold(parts, sum(parts))
    plain = [*map(protect_count, parts), protect_count(sum(parts))]
    extra = sum(a.shown and not b.shown for a, b in zip(plain, [*found.parts, found.total], strict=True))
    assert extra <= 1


@given(st.integers(1, 4).flatmap(lambda w: st.lists(st.lists(counts, min_size=w, max_size=w), min_size=1, max_size=4)))
def test_the_attacker_cannot_pin_a_hidden_cell_by_rows_and_columns(cells: list[list[int]]) -> None:
    table = withhold_table(count_table(cells))
    assert narrowest_of_table(table) >= NARROWEST


@given(st.integers(0, 300), st.integers(0, 300))
def test_a_share_gives_neither_part_nor_rest_away(part: int, rest: int) -> None:
    share = protect_share(part, part + rest)
    assert share.shown is (part >= 10 and rest >= 10)
    if share.value is not None:
        assert 0 <= share.value <= 1


def test_a_chain_of_hidden_counts_is_followed_to_what_limits_it() -> None:
    """Two months of one small prison: their quarter is hidden too, and only the nation limits all three."""
    counts_of = [3, 4, 7, 50, 57]  # months, their quarter, the other prison, the nation
    protected = withhold_all(counts_of, [Sum(2, (0, 1)), Sum(4, (2, 3))])
    assert shown(protected)[:3] == [None, None, None]
    bounds = feasible(protected, [Sum(2, (0, 1)), Sum(4, (2, 3))])
    assert all(one.width >= NARROWEST for one in bounds.values())


def test_a_national_release_is_protected_in_seconds() -> None:
    """122 prisons with three months and their quarter, as the nation and every prison add them up."""
    random = Random(1)
    monthly = [[random.choice([0, 3, 8, 15, 40, 90]) for _ in range(3)] for _ in range(122)]
    table = withhold_table(count_table(monthly))
    assert table.total.shown
    assert narrowest_of_table(table) >= NARROWEST


def test_feasible_gives_the_bounds_of_hidden_counts_only() -> None:
    protected = [protect_count(20), protect_count(3), protect_count(23)]
    bounds = feasible(protected, [Sum(2, (0, 1))])
    assert set(bounds) == {1}
    assert (bounds[1].low, bounds[1].high) == (1, 9)
