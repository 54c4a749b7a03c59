"""The attacker: everything that is published, one linear programme, and no hidden count within a range under 10.

The programme is written here anew. It knows the rule, and it knows what adds up; nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from monitoring.disclosure import (
    Bounds,
    Protected,
    Published,
    State,
    Sum,
    count_table,
    hide_more,
    protect_count,
    ten_five,
    withhold_all,
)
from monitoring.disclosure.webs import carried
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import Kind, Measure, Parts
from monitoring.models.figure import FigureState
from monitoring.publishing import Place, protect
from monitoring.rollups import Computed, Quality

Key = Hashable
Range = tuple[float, float]
MONTHS = ("2026-07", "2026-08", "2026-09")
QUARTER = "2026-Q3"
ANYTHING: Range = (0, np.inf)


def possible(shown: Protected) -> Range:
    """What a rounded value stands for."""
    if shown.value is None:
        return ANYTHING
    value = float(shown.value)
    return (value, value) if shown.state is State.NONE else (max(10.0, value - 2), value + 2)


def narrowest(ranges: Mapping[Key, Range], sums: Iterable[tuple[Key, list[Key]]], hidden: Iterable[Key]) -> float:
    """The least width of what can be worked out about any hidden count."""
    at = {key: number for number, key in enumerate(ranges)}
    equations = []
    for total, parts in sums:
        line = np.zeros(len(at))
        line[at[total]] = -1
        line[[at[part] for part in parts]] = 1
        equations.append(line)
    widths = [np.inf]
    for key in hidden:
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(at))
            aim[at[key]] = sign
            answer = linprog(aim, A_eq=equations, b_eq=np.zeros(len(equations)), bounds=list(ranges.values()))
            assert answer.status in (0, 3), "what is published contradicts itself"
            ends.append(answer.fun * sign if answer.status == 0 else sign * -np.inf)
        widths.append(round(ends[1] - ends[0], 6))
    return min(widths)


# --- counts by prison, month and group, with every total ------------------------------------------

PRISONS = ("ZAA", "ZAB", "ZAC")
GROUPS = ("aged under 60", "60 to 69", "70 and over")


def web_of(counts: Mapping[tuple[str, str, str], int]) -> tuple[dict[Key, int], list[tuple[Key, list[Key]]]]:
    """Counts of prisons, months and groups with the nation, the quarter, and all groups together."""
    full: dict[Key, int] = dict(counts)
    sums: list[tuple[Key, list[Key]]] = []

    def add(total: Key, parts: list[Key]) -> None:
        full[total] = sum(full[part] for part in parts)
        sums.append((total, parts))

    for month, group in product(MONTHS, GROUPS):
        add(("nation", month, group), [(prison, month, group) for prison in PRISONS])
    for about, group in product((*PRISONS, "nation"), GROUPS):
        add((about, QUARTER, group), [(about, month, group) for month in MONTHS])
    for about, period in product((*PRISONS, "nation"), (*MONTHS, QUARTER)):
        add((about, period, "all"), [(about, period, group) for group in GROUPS])
    sums += [(("nation", QUARTER, group), [(prison, QUARTER, group) for prison in PRISONS]) for group in GROUPS]
    sums += [(("nation", month, "all"), [(prison, month, "all") for prison in PRISONS]) for month in (*MONTHS, QUARTER)]
    sums += [((about, QUARTER, "all"), [(about, month, "all") for month in MONTHS]) for about in (*PRISONS, "nation")]
    return full, sums


def protected(counts: Mapping[Key, int], sums: list[tuple[Key, list[Key]]]) -> dict[Key, Protected]:
    at = {key: number for number, key in enumerate(counts)}
    tied = [Sum(at[total], tuple(at[part] for part in parts)) for total, parts in sums]
    return dict(zip(counts, withhold_all(list(counts.values()), tied), strict=True))


def drawn(seed: int) -> dict[tuple[str, str, str], int]:
    random = Random(seed)
    size = {prison: random.choice([4, 12, 30, 80]) for prison in PRISONS}
    return {(p, m, g): random.randint(0, size[p]) for p, m, g in product(PRISONS, MONTHS, GROUPS)}


seeds = st.integers(0, 10**6)


@settings(max_examples=12)
@given(seeds)
def test_no_hidden_count_of_a_release_can_be_worked_out(seed: int) -> None:
    counts, sums = web_of(drawn(seed))
    shown = protected(counts, sums)
    ranges = {key: possible(one) for key, one in shown.items()}
    assert narrowest(ranges, sums, [key for key, one in shown.items() if not one.shown]) >= 10
    for key, one in shown.items():
        assert counts[key] >= 10 or not one.shown
        assert ranges[key][0] <= counts[key] <= ranges[key][1]


@settings(max_examples=4)
@given(seeds)
def test_a_release_and_its_correction_together_give_nothing_away(seed: int) -> None:
    """The reader knows which prison was corrected, so that all other prisons' counts are the same in both."""
    random = Random(seed)
    first = drawn(seed)
    place = (random.choice(PRISONS), random.choice(MONTHS), random.choice(GROUPS))
    second = first | {place: max(0, first[place] + random.choice([-3, 2, 6, 25, 60]))}
    (counts, sums), (anew, _) = web_of(first), web_of(second)
    before, after = protected(counts, sums), protected(anew, sums)
    own = {key for key in counts if isinstance(key, tuple) and key[0] in (place[0], "nation")}
    correction = hide_more([Published("first", before, sums)], Published("second", after, sums, "first", own))
    shown = {key: one if isinstance(one, Protected) else None for key, one in correction.counts.items()}

    ranges: dict[Key, Range] = {("first", key): possible(one) for key, one in before.items()}
    for key, one in shown.items():
        again = ANYTHING if one is None else possible(one)
        name = ("second" if key in own else "first", key)
        low, high = ranges.get(name, ANYTHING)
        ranges[name] = (max(low, again[0]), min(high, again[1]))
    tied = [(("first", total), [("first", part) for part in parts]) for total, parts in sums]
    tied += [(_second(total, own), [_second(part, own) for part in parts]) for total, parts in sums]
    hidden = [key for key, limits in ranges.items() if limits == ANYTHING]
    assert narrowest(ranges, tied, hidden) >= 10
    for key in own:
        now = shown[key]
        if now is not None and now.shown and before[key].shown and now != before[key]:
            # What was added or taken out is a count too: surely 10 or more, or not to be told.
            assert abs(int(now.value or 0) - int(before[key].value or 0)) - 4 >= 10


def _second(key: Key, own: set[Key]) -> Key:
    return ("second" if key in own else "first", key)


# --- figures as publishing makes them --------------------------------------------------------------


def computed(measure: Measure, numerator: int, denominator: int | None) -> Computed:
    parts = Parts(Decimal(numerator), None if denominator is None else Decimal(denominator), numerator)
    return Computed(measure, FigureState.VALUE, measure.value(parts), parts, Quality())


@pytest.mark.parametrize("code", ["OP-08a", "OP-07", "OP-22"])
@settings(max_examples=4)
@given(seeds)
def test_nothing_behind_the_figures_of_a_measure_can_be_worked_out(code: str, seed: int) -> None:
    """A count, a share and a rate: the reader sees the rounded parts beside each figure that is shown."""
    measure, random = BY_CODE[code], Random(seed)
    exact: dict[Place, Computed] = {}
    for prison in PRISONS:
        size = random.choice([5, 15, 60])
        months = [(random.randint(0, size), random.randint(0, size)) for _ in MONTHS]
        for period, (part, rest) in zip((QUARTER, *MONTHS), [tuple(map(sum, zip(*months))), *months]):  # noqa: B905
            below = {"": None}.get(measure.denominator, part + rest if measure.kind is Kind.SHARE else rest)
            exact[Place(prison, period)] = computed(measure, part, below)
    released = {one.place: one.figure for one in protect(measure, exact, period=QUARTER, months=MONTHS)}

    layers = ["above", "below"] if measure.denominator else ["above"]
    ranges: dict[Key, Range] = {}
    for place, figure in released.items():
        parts = [figure.numerator, figure.denominator] if measure.denominator else [figure.value]
        for layer, part in zip(layers, parts, strict=True):
            ranges[place, layer] = ANYTHING if part is None else possible(Protected(State.VALUE, part))
    about = ["", *PRISONS]
    sums: list[tuple[Key, list[Key]]] = []
    for layer in layers:
        sums += [((Place("", p), layer), [(Place(code_, p), layer) for code_ in PRISONS]) for p in (QUARTER, *MONTHS)]
        sums += [((Place(a, QUARTER), layer), [(Place(a, month), layer) for month in MONTHS]) for a in about]
    if measure.kind is Kind.SHARE:
        for place, figure in released.items():
            ranges[place, "rest"] = (10, np.inf) if figure.shown else ANYTHING
            sums.append(((place, "below"), [(place, "above"), (place, "rest")]))
    hidden = [key for key, limits in ranges.items() if limits == ANYTHING]
    assert narrowest(ranges, sums, hidden) >= 10


# --- what does not do ------------------------------------------------------------------------------


def test_ten_five_alone_lets_the_attacker_in() -> None:
    """Golden S2: every figure is rounded, and the one that is hidden can only be 0 to 4."""
    table = ten_five(count_table([[20, 14, 3], [17, 12, 11], [25, 16, 13]]))
    ranges: dict[Key, Range] = dict(enumerate(map(possible, table.flat())))
    sums: list[tuple[Key, list[Key]]] = [(one.total, list(one.parts)) for one in table.sums()]
    hidden = [key for key, limits in ranges.items() if limits == ANYTHING]
    assert len(hidden) == 1
    assert narrowest(ranges, sums, hidden) < 10


def test_one_sum_after_another_is_not_enough() -> None:
    """Two lines down and two across: each leaves room, all four leave the fifth count 0 to 3."""
    down, across = [(5, (0, 1)), (6, (2, 3, 4))], [(7, (0, 2)), (8, (1, 3))]
    counts, ring = [8, 9, 5, 4, 3, 17, 12, 13, 13], [Sum(total, parts) for total, parts in down + across]
    plain = [protect_count(n) for n in counts]
    assert all(carried([possible_bounds(one) for one in plain], ring)[place].width >= 10 for place in range(5))
    sums: list[tuple[Key, list[Key]]] = [(one.total, list(one.parts)) for one in ring]
    assert narrowest(dict(enumerate(map(possible, plain))), sums, range(5)) == 3

    shown = withhold_all(counts, ring)
    hidden = [place for place, one in enumerate(shown) if not one.shown]
    assert len(hidden) > 5
    assert narrowest(dict(enumerate(map(possible, shown))), sums, hidden) >= 10


def possible_bounds(shown: Protected) -> Bounds:
    low, high = possible(shown)
    return Bounds(int(low), None if high == np.inf else int(high))


def test_counts_of_one_figure_are_shown_or_hidden_together() -> None:
    """A share of 3 in 13 is hidden; its whole, which would be shown by itself, must not be left to be worked out."""
    counts = [3, 10, 13, 60, 60, 120, 63, 70, 133]  # part, rest and whole of two prisons and of the nation
    figures = [(0, 1, 2), (3, 4, 5), (6, 7, 8)]
    tied = [Sum(2, (0, 1)), Sum(5, (3, 4)), Sum(8, (6, 7)), Sum(6, (0, 3)), Sum(7, (1, 4)), Sum(8, (2, 5))]
    shown = withhold_all(counts, tied, figures=figures)
    assert not shown[2].shown
    assert all(len({shown[place].shown for place in figure}) == 1 for figure in figures)
    sums: list[tuple[Key, list[Key]]] = [(one.total, list(one.parts)) for one in tied]
    hidden = [place for place, one in enumerate(shown) if not one.shown]
    assert narrowest(dict(enumerate(map(possible, shown))), sums, hidden) >= 10
