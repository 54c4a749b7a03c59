"""Religion and sexual orientation of all prisoners, from the counts that prisons imported: for the whole country only.

Nobody is asked here. The groups are fixed, so that no word that somebody typed into a file leaves a prison; what is
none of them is counted as another. Pure: counts in, protected counts out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitoring.disclosure import Protected, withhold
from monitoring.measures.groups import UNKNOWN
from monitoring.population_file import FILE_ALONE

FEWEST_PRISONS = 3
"""Of two prisons each could take its own count from the sum and know the other's."""
OTHER = "other"

# The groups of the yearly statistics on offender equalities; a branch of a religion is part of it.
GROUPS: dict[str, dict[str, str]] = {
    "religion": {
        "christian": "Christian",
        "muslim": "Muslim",
        "hindu": "Hindu",
        "sikh": "Sikh",
        "buddhist": "Buddhist",
        "jewish": "Jewish",
        OTHER: "Another religion",
        "none": "No religion",
        UNKNOWN: "Not known",
    },
    "orientation": {
        "heterosexual": "Heterosexual",
        "gay": "Gay or lesbian",
        "bisexual": "Bisexual",
        OTHER: "Another orientation",
        UNKNOWN: "Not known",
    },
}
# What files call these groups, and what says that it is not known.
ALSO: dict[str, str] = {
    "anglican": "christian",
    "church-of-england": "christian",
    "roman-catholic": "christian",
    "catholic": "christian",
    "free-church": "christian",
    "other-christian": "christian",
    "islam": "muslim",
    "no-religion": "none",
    "straight": "heterosexual",
    "heterosexual-or-straight": "heterosexual",
    "heterosexual/straight": "heterosexual",
    "gay-or-lesbian": "gay",
    "gay/lesbian": "gay",
    "lesbian": "gay",
    "not-known": UNKNOWN,
    "not-recorded": UNKNOWN,
    "not-stated": UNKNOWN,
    "not-disclosed": UNKNOWN,
    "prefer-not-to-say": UNKNOWN,
}
Counted = Mapping[str, Mapping[tuple[str, str], int]]
"""Prison → (breakdown, group as the file says it) → people."""


@dataclass(frozen=True)
class Prisoners:
    """One breakdown: each group's count and the whole as they may be shown; nothing where too few prisons counted."""

    by: str
    prisons: int
    groups: Mapping[str, Protected]
    total: Protected | None


def prisoners_of(counted: Counted) -> list[Prisoners]:
    """Religion and orientation of all the prisons that counted them."""
    return [_one(by, counted) for by in FILE_ALONE]


def _one(by: str, counted: Counted) -> Prisoners:
    theirs = [counts for each in counted.values() if (counts := _of(by, each))]
    if len(theirs) < FEWEST_PRISONS:
        return Prisoners(by, len(theirs), {}, None)
    sums = dict.fromkeys(GROUPS[by], 0)
    for group, count in (pair for each in theirs for pair in each):
        sums[named(by, group)] += count
    shown = withhold(list(sums.values()), sum(sums.values()))
    return Prisoners(by, len(theirs), dict(zip(sums, shown.parts, strict=True)), shown.total)


def _of(by: str, counts: Mapping[tuple[str, str], int]) -> list[tuple[str, int]]:
    return [(group, count) for (which, group), count in counts.items() if which == by]


def named(by: str, group: str) -> str:
    """The code of the fixed group that a file's own word belongs to."""
    code = ALSO.get(group, group)
    return code if code in GROUPS[by] else OTHER
