"""The attacker with a whole release: every kind of figure, every name of a count, groups, and every sum of them.

What adds up, and what is the same count under two names, is written here anew from the definitions of the measures.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from monitoring import publishing, telling
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE, RELEASED
from monitoring.measures.definition import Kind, Measure
from monitoring.publishing import Released, protect_all
from monitoring.ties import families
from tests.builders.exact_releases import MONTHS, QUARTER, exact_release

Key = Hashable
Range = tuple[float, float]
PRISONS = ("ZAA", "ZAB", "ZAC")
ANYTHING: Range = (0, np.inf)

# --- what a figure says of the counts behind it ------------------------------------------------------


def about(number: Decimal | None, step: int = 1) -> Range:
    """What a rounded number stands for, in steps."""
    if number is None:
        return ANYTHING
    shown = float(number) / step
    return max(10.0, shown - 2), shown + 2


def said(one: Released) -> dict[str, Range]:
    """The counts behind a figure, each with what it can be."""
    measure, figure = one.measure, one.figure
    above, below = figure.numerator, figure.denominator
    if measure.code in ("CO-10", "CO-11"):
        days = None if below is None else (below * (Decimal("30.4375") if measure.code == "CO-11" else 1))
        return {"steps": about(above, 200), "below": about(None if days is None else days.quantize(Decimal(1)))}
    if measure.code == "CO-04":
        return {"steps": about(above, 200), "below": about(below)}
    if measure.kind is Kind.MONEY:
        return {"steps": about(figure.value, 200)}
    if measure.kind is Kind.SHARE:
        return {"part": about(above), "rest": (10, np.inf) if figure.shown else ANYTHING, "whole": about(below)}
    if measure.kind in (Kind.WAIT, Kind.SCORE):
        return {"people": about(below)}
    if measure.denominator and measure.code != "OP-03":
        return {"above": about(above), "below": about(below)}
    return {"above": about(figure.value)}


# --- what a reader can add up --------------------------------------------------------------------------

# The same people, visits or hours, counted once and published with two measures.
TWO_NAMES = {
    ("OP-05", "above"): ("OP-04a", "above"), ("OP-05", "below"): ("OP-02", "above"),
    ("OP-17", "whole"): ("OP-02", "above"), ("OP-25a", "above"): ("OP-02", "above"),
    ("OP-25b", "above"): ("OP-04b", "above"), ("OP-25b", "below"): ("OP-25a", "below"),
    ("OP-08f", "below"): ("OP-07", "whole"), ("OP-30g", "whole"): ("OP-07", "whole"),
    ("OP-10b", "people"): ("OP-10a", "whole"), ("OP-11d", "people"): ("OP-11a", "above"),
    ("OP-11h", "people"): ("OP-11e", "above"), ("OP-12", "whole"): ("OP-11b", "above"),
    ("OP-13b", "people"): ("OP-13a", "above"), ("OP-22", "below"): ("OP-06a", "above"),
    ("CO-10", "below"): ("OP-06a", "above"), ("OP-30h", "whole"): ("OP-09a", "above"),
    ("OU-12b", "below"): ("OU-12a", "below"), ("CO-11", "below"): ("OU-12a", "below"),
    ("CO-10", "steps"): ("CO-09", "steps"), ("CO-11", "steps"): ("CO-09", "steps"),
    **{(f"OP-30{letter}", "whole"): ("OP-30b", "whole") for letter in "cdef"},
}  # fmt: skip
ADD_UP = [
    ("OP-06a", "above", [f"OP-06{letter}" for letter in "bcdefghij"]),
    ("OP-09a", "above", [f"OP-09{letter}" for letter in "bcdefgh"]),
    ("OP-09a", "above", [f"OP-09{letter}" for letter in "ijk"]),
    ("OP-21a", "above", [f"OP-21{letter}" for letter in "bcd"]),
    ("OP-23a", "above", [f"OP-23{letter}" for letter in "bcdefghi"]),
    ("CO-09", "steps", [f"CO-0{number}" for number in range(1, 9)]),
    *[("OP-30a", layer, [f"OP-30{letter}" for letter in "bcdef"]) for layer in ("part", "rest", "whole")],
]
# Of these the quarter is the sum of its months, and of those it is the last month.
FLOWS = {
    "OP-06a", "OP-07", "OP-08a", "OP-08b", "OP-08c", "OP-08d", "OP-08e", "OP-08f", "OP-10a", "OP-22", "OP-24a",
    "OP-27", "OP-28", "OP-29", "OP-30g", "OU-12a", "OU-12b", "BS-01", "BS-03",
    *(f"OP-06{letter}" for letter in "bcdefghij"), *(f"OP-09{letter}" for letter in "abcdefghijk"),
    "OP-11a", "OP-11b", "OP-11e", "OP-11f", *(f"OP-14{letter}" for letter in "abcde"), "OP-16b",
    *(f"OP-23{letter}" for letter in "abcdefghi"),
}  # fmt: skip
STATES = {"OP-02", "OP-04a", "OP-13a", "OP-17", "OP-32", "OP-11c", "OP-11g", "BS-02a", "BS-02b"}


def world(released: Sequence[Released]) -> tuple[dict[Key, Range], list[tuple[Key, list[Key]]], list[Key]]:
    """What each count can be, everything that adds up, and the counts that are not shown."""
    ranges: dict[Key, Range] = {}
    there = {one.measure.code for one in released}
    places: dict[str, list[Any]] = {}

    def name(code: str, layer: str, place: Any) -> Key:
        other = TWO_NAMES.get((code, layer), (code, layer))
        return (*(other if other[0] in there else (code, layer)), place)

    for one in released:
        if one.figure.state in (State.NOT_RETURNED, State.NOT_YET_DUE):
            continue
        places.setdefault(one.measure.code, []).append(one.place)
        for layer, limits in said(one).items():
            key = name(one.measure.code, layer, one.place)
            low, high = ranges.get(key, ANYTHING)
            ranges[key] = (max(low, limits[0]), min(high, limits[1]))
    sums: list[tuple[Key, list[Key]]] = []
    for code, all_places in places.items():
        sums += list(_of_places(BY_CODE[code], all_places, name))
    for total, layer, parts in ADD_UP:
        if {total, *parts} <= there:
            sums += [
                (name(total, layer, place), [name(part, layer, place) for part in parts])
                for place in places.get(total, [])
                if all(place in places.get(part, []) for part in parts)
            ]
    sums = [one for one in sums if all(key in ranges for key in (one[0], *one[1]))]
    return ranges, sums, [key for key, limits in ranges.items() if limits == ANYTHING]


def _of_places(measure: Measure, places: Sequence[Any], name: Any) -> Iterator[tuple[Key, list[Key]]]:
    layer_names = list(said(Released(places[0], measure, telling.TOO_FEW)))
    for layer in layer_names:

        def at(place: Any, layer: str = layer) -> Key:
            return name(measure.code, layer, place)

        for nation in [place for place in places if not place.about and not place.breakdown]:
            of = [place for place in places if place.about and place.period == nation.period]
            yield at(nation), [at(place) for place in of]
            groups = [place for place in places if place.breakdown and place.period == nation.period]
            for by in sorted({place.breakdown.split(":")[0] for place in groups}):
                yield at(nation), [at(place) for place in groups if place.breakdown.startswith(f"{by}:")]
        for whole in [place for place in places if place.period == QUARTER and not place.breakdown]:
            months = [type(whole)(whole.about, month) for month in MONTHS]
            if all(month in places for month in months):
                code = TWO_NAMES.get((measure.code, layer), (measure.code, ""))[0]
                if code in FLOWS:
                    yield at(whole), [at(month) for month in months]
                elif code in STATES:
                    yield at(whole), [at(months[-1])]
    if measure.kind is Kind.SHARE:
        for place in places:
            yield name(measure.code, "whole", place), [name(measure.code, each, place) for each in ("part", "rest")]


def narrowest(
    ranges: Mapping[Key, Range], sums: Sequence[tuple[Key, list[Key]]], hidden: Sequence[Key]
) -> tuple[float, Key]:
    """The least width of what can be worked out about any hidden count, and whose it is."""
    at = {key: number for number, key in enumerate(ranges)}
    rows = [number for number, (_, parts) in enumerate(sums) for _ in range(len(parts) + 1)]
    columns = [at[key] for total, parts in sums for key in (total, *parts)]
    values = [value for _, parts in sums for value in (-1.0, *[1.0] * len(parts))]
    ties = csr_array((values, (rows, columns)), shape=(len(sums), len(at)))
    limits = list(ranges.values())
    least, most = np.full(len(at), np.inf), np.full(len(at), -np.inf)

    def look(aim: Any, of: int | None = None) -> None:
        answer = linprog(aim, A_eq=ties, b_eq=np.zeros(len(sums)), bounds=limits)
        assert answer.status in (0, 3), "what is published contradicts itself"
        if answer.status == 0:
            np.minimum(least, answer.x, out=least)
            np.maximum(most, answer.x, out=most)
        elif of is not None:
            most[of] = np.inf

    drawn = np.random.default_rng(1)
    for _ in range(12):
        look(drawn.uniform(0.1, 1, len(at)) * drawn.choice([1.0, 0.2], len(at)))
    found: tuple[float, Key] = (np.inf, None)
    for key in hidden:
        place = at[key]
        for sign in (-1, 1):
            if most[place] - least[place] < 10:
                aim = np.zeros(len(at))
                aim[place] = sign
                look(aim, place if sign < 0 else None)
        width = round(float(most[place] - least[place]), 6)
        if width < found[0]:
            found = (width, key)
    return found


# --- the property ------------------------------------------------------------------------------------------

FAMILIES = [[measure for measure in family if measure in RELEASED] for family in families()]
TOGETHER = [family for family in FAMILIES if len(family) > 1]
ALONE = [measure for family in FAMILIES if len(family) == 1 for measure in family]
seeds = st.integers(0, 10**6)


def published(seed: int, measures: Sequence[Measure]) -> list[Released]:
    return protect_all(exact_release(seed, PRISONS, measures, groups=True), period=QUARTER, months=MONTHS)


@pytest.mark.parametrize("family", TOGETHER, ids=lambda family: family[0].code)
@settings(max_examples=2)
@given(seeds)
def test_nothing_can_be_worked_out_from_measures_that_share_counts(family: list[Measure], seed: int) -> None:
    width, key = narrowest(*world(published(seed, family)))
    assert width >= 10, key


@settings(max_examples=1)
@given(seeds)
def test_nothing_can_be_worked_out_from_measures_that_stand_alone(seed: int) -> None:
    width, key = narrowest(*world(published(seed, ALONE)))
    assert width >= 10, key


@settings(max_examples=4)
@given(seeds)
def test_each_half_of_a_median_and_what_a_mean_leaves_open_can_be_ten_wide(seed: int) -> None:
    """A median says of half of its people that they waited no longer; a mean how far they are from its end."""
    measures = [measure for measure in RELEASED if measure.kind in (Kind.WAIT, Kind.SCORE)]
    shown = [one for one in published(seed, measures) if one.figure.denominator is not None]
    assume(shown)
    for one in shown:
        low, high = about(one.figure.denominator)
        if one.measure.kind is Kind.WAIT:
            assert high - low / 2 >= 10
        else:
            assert one.figure.value is not None
            most, mean = float(one.measure.furthest), abs(float(one.figure.value))
            fewest, all_of_them = low * (most - mean - 0.05) / (2 * most), high * (most - mean + 0.05)
            assert min(high, all_of_them) - fewest >= 10


def test_every_kind_of_figure_is_among_what_is_attacked() -> None:
    attacked = {measure for family in TOGETHER for measure in family} | set(ALONE)
    assert {measure.told for measure in attacked} == {measure.told for measure in RELEASED}
    shown = [one for one in published(3, list(attacked)) if one.figure.shown]
    kinds = {one.measure.told for one in shown}
    assert kinds >= {measure.told for measure in RELEASED if telling.layers(measure)}


# --- what does not do ------------------------------------------------------------------------------------------


def test_without_the_shared_names_the_attacker_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each measure protected by itself: what one hides for the sake of others, another shows under its own name."""
    family = TOGETHER[0]
    monkeypatch.setattr(publishing, "families", lambda: tuple((measure,) for measure in family))
    widths = [narrowest(*world(published(seed, family)))[0] for seed in range(12)]
    assert min(widths) < 10
