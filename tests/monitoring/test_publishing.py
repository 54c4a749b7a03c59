"""A release's figures are protected together: prisons and nation, months and quarter, part and whole."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Measure, Parts
from monitoring.models.figure import FigureState
from monitoring.publishing import NATION, Place, Released, protect
from monitoring.rollups import Computed, Quality

QUARTER, MONTHS = "2026-Q3", ("2026-07", "2026-08", "2026-09")
RETURNED = Quality(visits_returned=True, anything_returned=True, planned=200, recorded=180, visits=180)


def computed(measure: Measure, numerator: int, denominator: int | None = None) -> Computed:
    parts = Parts(Decimal(numerator), None if denominator is None else Decimal(denominator), numerator)
    value = measure.value(parts)
    state = FigureState.NONE if numerator == 0 and denominator is None else FigureState.VALUE
    return Computed(measure, state, value, parts, RETURNED)


def released(measure: Measure, exact: dict[Place, Computed]) -> dict[Place, Released]:
    return {each.place: each for each in protect(measure, exact, period=QUARTER, months=MONTHS)}


def flow(code: str, by_month: dict[str, tuple[int, int, int]]) -> dict[Place, Computed]:
    """A count whose months add up to the quarter."""
    measure = BY_CODE[code]
    exact = {}
    for prison, months in by_month.items():
        exact[Place(prison, QUARTER)] = computed(measure, sum(months))
        exact |= {Place(prison, m): computed(measure, n) for m, n in zip(MONTHS, months, strict=True)}
    return exact


def test_small_counts_are_hidden_and_others_rounded() -> None:
    shown = released(BY_CODE["OP-08a"], flow("OP-08a", {"ZAA": (3, 4, 2), "ZAB": (22, 31, 48), "ZAC": (3, 2, 2)}))
    assert shown[Place("ZAA", QUARTER)].figure.state is State.TOO_FEW
    assert shown[Place("ZAB", "2026-07")].figure.value == 20


def test_a_single_hidden_prison_cannot_be_worked_out_from_the_nation() -> None:
    # 25 less 20 with the rounding undone would leave 1 to 9.
    shown = released(BY_CODE["OP-02"], flow("OP-02", {"ZAA": (3, 3, 3), "ZAB": (22, 22, 22)}))
    for period in MONTHS:
        nation, other = shown[Place(NATION, period)].figure, shown[Place("ZAB", period)].figure
        assert not (nation.shown and other.shown)


def test_a_single_hidden_month_cannot_be_worked_out_from_the_quarter() -> None:
    shown = released(BY_CODE["OP-08a"], flow("OP-08a", {"ZAA": (3, 40, 0), "ZAB": (60, 60, 60)}))
    quarter, first, second, third = (shown[Place("ZAA", period)].figure.shown for period in (QUARTER, *MONTHS))
    assert (first, third) == (False, False)
    # Two hidden months share what is left of 43 less 40: together at most 7, so one of the two shown goes as well.
    assert not (quarter and second)


def test_a_share_hides_when_what_is_left_is_small() -> None:
    measure = BY_CODE["OP-07"]
    exact = {Place("ZAA", p): computed(measure, 57, 60) for p in (QUARTER, *MONTHS)}
    assert released(measure, exact)[Place("ZAA", QUARTER)].figure.state is State.TOO_FEW


def test_no_return_and_nothing_due_keep_their_own_words() -> None:
    measure = BY_CODE["OP-08a"]
    exact = flow("OP-08a", {"ZAB": (22, 31, 48)})
    for period in (QUARTER, *MONTHS):
        exact[Place("ZAA", period)] = Computed(measure, FigureState.NOT_RETURNED, None, None, Quality())
        exact[Place("ZAC", period)] = Computed(measure, FigureState.NOT_YET_DUE, None, None, Quality())
    shown = released(measure, exact)
    assert shown[Place("ZAA", QUARTER)].figure.state is State.NOT_RETURNED
    assert shown[Place("ZAC", QUARTER)].figure.state is State.NOT_YET_DUE
    assert shown[Place(NATION, QUARTER)].figure.state is State.VALUE


def test_a_prison_without_its_last_month_is_not_taken_for_nought_in_the_quarter() -> None:
    # A state at the end of the period: the nation's quarter is its last month by chance alone.
    measure = BY_CODE["OP-32"]
    exact = {Place(code, p): computed(measure, n) for code, n in (("ZAA", 2), ("ZAB", 3)) for p in (QUARTER, *MONTHS)}
    exact |= {Place("ZAE", p): computed(measure, 0) for p in (QUARTER, MONTHS[1])}
    exact |= {Place("ZAE", p): Computed(measure, FigureState.NOT_RETURNED, None, None, Quality()) for p in MONTHS[::2]}
    shown = released(measure, exact)
    assert {each.figure.state for place, each in shown.items() if place.about != "ZAE"} == {State.TOO_FEW}
    assert shown[Place("ZAE", QUARTER)].figure.state is State.TOO_FEW
    assert shown[Place("ZAE", MONTHS[2])].figure.state is State.NOT_RETURNED


def test_what_lies_in_a_month_without_a_return_is_left_open() -> None:
    # Of two releases one had its handover; the other's month was not returned, and its quarter was.
    measure = BY_CODE["OP-28"]
    exact = {Place("ZAB", p): computed(measure, 0, 1) for p in (QUARTER, MONTHS[2])}
    exact[Place("ZAE", QUARTER)] = computed(measure, 1, 1)
    exact[Place("ZAE", MONTHS[2])] = Computed(measure, FigureState.NOT_RETURNED, None, None, Quality())
    shown = released(measure, exact)
    assert shown[Place("ZAE", QUARTER)].figure.state is State.TOO_FEW
    assert set(shown) >= {Place("ZAE", MONTHS[2]), Place(NATION, QUARTER)}
    assert all(place.period in (QUARTER, *MONTHS) for place in shown)


def test_months_hold_a_quarter_from_below_although_one_was_not_returned() -> None:
    # 3 in a month that is hidden; 58 and 61 both round to 60: the difference would say at most 4.
    shown = released(
        BY_CODE["OP-08a"],
        flow("OP-08a", {"ZAA": (3, 58, 0), "ZAB": (60, 60, 60)})
        | {Place("ZAA", MONTHS[2]): Computed(BY_CODE["OP-08a"], FigureState.NOT_RETURNED, None, None, Quality())},
    )
    assert not (shown[Place("ZAA", QUARTER)].figure.shown and shown[Place("ZAA", MONTHS[1])].figure.shown)


def test_hours_whose_minutes_add_up_add_up() -> None:
    """A minute is no finite part of an hour: the hours of three months miss those of the quarter by a trifle."""
    measure, minutes = BY_CODE["OP-06a"], (541, 601, 628)
    hours = {Place("ZAA", QUARTER): Decimal(sum(minutes)) / 60}
    hours |= {Place("ZAA", month): Decimal(each) / 60 for month, each in zip(MONTHS, minutes, strict=True)}
    assert sum(hours[Place("ZAA", month)] for month in MONTHS) != hours[Place("ZAA", QUARTER)]
    exact = {
        place: Computed(measure, FigureState.VALUE, each, Parts(each, None, int(each)), RETURNED)
        for place, each in hours.items()
    }
    shown = released(measure, exact)
    # 9, 10 and 10 hours: with the quarter and two months shown, the first month would be known to be 4 to 12.
    assert not shown[Place("ZAA", "2026-07")].figure.shown
    assert sum(shown[Place("ZAA", period)].figure.shown for period in (QUARTER, *MONTHS)) < 3


def test_quality_is_given_in_twentieths_and_only_where_it_rests_on_enough() -> None:
    shown = released(BY_CODE["OP-08a"], flow("OP-08a", {"ZAB": (22, 31, 48)}))
    assert shown[Place("ZAB", QUARTER)].quality["completeness"] == Decimal("0.90")
    assert shown[Place("ZAB", QUARTER)].quality["late_share"] == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=4))
def test_everything_shown_is_rounded_and_every_place_is_there(rows: list[tuple[int, int, int]]) -> None:
    prisons = {f"ZA{letter}": row for letter, row in zip("ABCD", rows, strict=False)}
    shown = released(BY_CODE["OP-08c"], flow("OP-08c", prisons))
    assert set(shown) == {Place(a, p) for a, p in product([NATION, *prisons], [QUARTER, *MONTHS])}
    for each in shown.values():
        assert each.figure.value is None or (each.figure.value % 5 == 0 and each.figure.value >= 10)
