"""What one count says of another: counts that two measures share, and counts that others add up to.

A reader of a release knows these from the definitions, so whatever hides a count has to hold for all of its names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from monitoring.measures.catalogue import MEASURES
from monitoring.measures.definition import Measure, Told
from monitoring.measures.wholes import WHOLES, total_of
from monitoring.telling import AMOUNT, COUNTED, PART, PEOPLE, REST, STEPS, WHOLE, layers

Layer = tuple[str, str]
"""The code of a measure and the name of a count behind its figures."""

# The same things counted, under the name on the right. Each is so by the definitions of the two, for every prison and
# period; `tests/monitoring/test_ties.py` works them out and compares.
SAME: dict[Layer, Layer] = {
    ("OP-05", COUNTED): ("OP-04a", COUNTED),
    ("OP-05", AMOUNT): ("OP-02", COUNTED),
    ("OP-17", WHOLE): ("OP-02", COUNTED),
    ("OP-25a", COUNTED): ("OP-02", COUNTED),
    ("OP-25b", COUNTED): ("OP-04b", COUNTED),
    ("OP-25b", AMOUNT): ("OP-25a", AMOUNT),
    ("OP-08f", AMOUNT): ("OP-07", WHOLE),
    ("OP-30g", WHOLE): ("OP-07", WHOLE),
    ("OP-10b", PEOPLE): ("OP-10a", WHOLE),
    ("OP-11d", PEOPLE): ("OP-11a", COUNTED),
    ("OP-11h", PEOPLE): ("OP-11e", COUNTED),
    ("OP-12", WHOLE): ("OP-11b", COUNTED),
    ("OP-13b", PEOPLE): ("OP-13a", COUNTED),
    ("OP-22", AMOUNT): ("OP-06a", COUNTED),
    ("OP-30h", WHOLE): ("OP-09a", COUNTED),
    ("OU-12b", AMOUNT): ("OU-12a", AMOUNT),
    ("CO-10", AMOUNT): ("OP-06a", COUNTED),
    ("CO-11", AMOUNT): ("OU-12a", AMOUNT),
    ("CO-10", STEPS): ("CO-09", STEPS),
    ("CO-11", STEPS): ("CO-09", STEPS),
    **{(f"OP-30{letter}", WHOLE): ("OP-30b", WHOLE) for letter in "cdef"},
}
COST_PARTS = tuple(f"CO-0{number}" for number in range(1, 9))
DETAILS = tuple(f"OP-30{letter}" for letter in "bcdef")


def _totals() -> Iterator[tuple[Layer, tuple[Layer, ...]]]:
    for whole in WHOLES:
        total = total_of(whole)
        if total:
            parts = (*whole.parts, whole.unknown) if whole.unknown else whole.parts
            yield (total, COUNTED), tuple((part, COUNTED) for part in parts)
    yield ("OP-21a", COUNTED), tuple((f"OP-21{letter}", COUNTED) for letter in "bcd")
    yield ("CO-09", STEPS), tuple((part, STEPS) for part in COST_PARTS)
    for layer in (PART, REST, WHOLE):
        yield ("OP-30a", layer), tuple((part, layer) for part in DETAILS)


TOTALS: tuple[tuple[Layer, tuple[Layer, ...]], ...] = tuple(_totals())


def named(measure: Measure, layer: str) -> Layer:
    """The name under which a count is known everywhere."""
    return SAME.get((measure.code, layer), (measure.code, layer))


@cache
def families() -> tuple[tuple[Measure, ...], ...]:
    """Measures that say something of each other's counts, together; most stand alone. In the order of the catalogue."""
    leader = {measure.code: measure.code for measure in MEASURES}

    def find(code: str) -> str:
        while leader[code] != code:
            code = leader[code]
        return code

    for here, there in _linked():
        leader[find(here)] = find(there)
    found: dict[str, list[Measure]] = {}
    for measure in MEASURES:
        found.setdefault(find(measure.code), []).append(measure)
    return tuple(tuple(family) for family in found.values())


def _linked() -> Iterator[tuple[str, str]]:
    yield from ((here[0], there[0]) for here, there in SAME.items())
    for total, parts in TOTALS:
        yield from ((total[0], part[0]) for part in parts)


def family_of(codes: Iterable[str]) -> set[str]:
    """The codes of all measures that say something of the counts of these."""
    wanted = set(codes)
    families_there = [{measure.code for measure in family} for family in families()]
    return wanted.union(*(family for family in families_there if family & wanted))


def has_counts(measure: Measure) -> bool:
    """Whether anything stands behind its figures that must be protected."""
    return measure.told is not Told.NOT and bool(layers(measure))
