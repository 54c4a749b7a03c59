"""What releases give away together, and which pair does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from monitoring.disclosure import (
    TOO_FEW,
    Bounds,
    Contradiction,
    GivenAwayAlready,
    Protected,
    Published,
    State,
    Sum,
    audit,
    hide_more,
    protect_count,
    withhold_all,
)
from monitoring.disclosure.audit_web import Key, Shown

PRISONS = ["ZAA", "ZAB", "ZAC"]
Sums = Sequence[tuple[Key, Sequence[Key]]]
NATION: Sums = [("all", PRISONS)]


def by_rule(counts: Mapping[Key, int]) -> dict[Key, Shown]:
    return {key: protect_count(n) for key, n in counts.items()}


def national(counts: Sequence[int], name: str = "July", replaces: str = "") -> Published:
    """A nation of three prisons, protected as it should be."""
    shown = withhold_all([*counts, sum(counts)], [Sum(3, (0, 1, 2))])
    return Published(name, dict(zip([*PRISONS, "all"], shown, strict=True)), NATION, replaces)


def test_golden_s4_all_and_all_but_one() -> None:
    everyone = Published("the first release", {"all": 131})
    others = Published("the second release", {"all but A": 94}, [("all", ["all but A", "A"])])
    (found,) = audit([everyone, others])
    assert (found.count, found.interval) == ("A", Bounds(37, 37))
    assert [(one.key, one.release) for one in found.pair] == [
        ("all", "the first release"),
        ("all but A", "the second release"),
    ]
    assert str(found) == (
        "A can be worked out to be exactly 37 "
        "from all in the first release (131) and all but A in the second release (94)."
    )


def test_each_of_the_two_alone_passes() -> None:
    assert audit([Published("one", {"all": 131})]) == []
    assert audit([Published("two", {"all but A": 94}, [("all", ["all but A", "A"])])]) == []


def test_by_the_rule_all_and_all_but_one_say_no_more_than_rounding_would() -> None:
    rounded = by_rule({"all": 131, "all but A": 94})
    assert audit([Published("one", rounded, [("all", ["all but A", "A"])])]) == []
    small = by_rule({"all": 131, "all but A": 126})
    (found,) = audit([Published("one", small, [("all", ["all but A", "A"])])])
    assert found.interval == Bounds(1, 9)


def test_releases_may_be_plain_mappings() -> None:
    release = {"name": "July", "counts": {"all": 40, "ZAA": 37, "ZAB": None}, "sums": [("all", ["ZAA", "ZAB"])]}
    assert [one.interval for one in audit([release])] == [Bounds(3, 3)]


def test_a_release_protected_as_it_should_be_passes() -> None:
    assert audit([national([50, 40, 1])]) == []


def test_a_prison_is_found_from_the_nation_and_the_others() -> None:
    release = Published("July", by_rule({"ZAA": 50, "ZAB": 40, "ZAC": 1, "all": 91}), NATION)
    (found,) = audit([release])
    assert (found.count, found.release, found.interval) == ("ZAC", "July", Bounds(0, 6))
    assert [one.key for one in found.pair] == ["all", "ZAA"]
    assert str(found) == "ZAC can be worked out to be between 0 and 6 from all (90) and ZAA (50), with 1 more."


def test_a_month_is_found_from_the_quarter_of_a_later_release() -> None:
    months = Published("the months", by_rule({"July": 3, "August": 40, "September": 29}))
    quarter = Published("the quarter", by_rule({"Q3": 72}), [("Q3", ["July", "August", "September"])])
    assert audit([months]) == []
    (found,) = audit([months, quarter])
    assert found.release == "the months"
    assert {one.release for one in found.pair} == {"the months", "the quarter"}


def test_a_quarter_is_found_from_the_year() -> None:
    quarters = by_rule({"Q1": 50, "Q2": 50, "Q3": 4, "Q4": 48})
    year = Published("the year", by_rule({"year": 152}), [("year", ["Q1", "Q2", "Q3", "Q4"])])
    assert [one.count for one in audit([Published("quarters", quarters), year])] == ["Q3"]


def test_what_is_left_between_two_totals_is_a_count_too() -> None:
    """A region and the nation: the two prisons outside the region may have under 10 between them."""
    five = [f"ZA{letter}" for letter in "ABCDE"]
    counts: dict[Key, Shown] = {"nation": protect_count(65), "region": protect_count(55)}
    sums: Sums = [("nation", five), ("region", five[:3])]
    (found,) = audit([Published("July", counts, sums)])
    assert found.count == "nation without region"
    assert found.interval == Bounds(6, 14)


def test_a_prison_without_a_return_is_in_no_sum() -> None:
    silent = Protected(State.NOT_RETURNED)
    counts = by_rule({"ZAA": 50, "all": 91}) | {"ZAB": silent, "ZAC": TOO_FEW}
    assert audit([Published("July", counts, NATION)]) == []


def test_a_structural_nought_is_known_and_gives_the_rest_away() -> None:
    none = protect_count(0, structural_zero=True)
    counts = by_rule({"all": 12, "ZAC": 12}) | {"ZAA": none, "ZAB": TOO_FEW}
    (found,) = audit([Published("July", counts, NATION)])
    assert found.count == "ZAB"


# --- corrections -----------------------------------------------------------------------------------


def test_a_correction_that_is_not_seen_to_change_anything_passes() -> None:
    assert audit([national([50, 40, 30]), national([51, 40, 29], "July again", "July")]) == []


def test_a_correction_that_moves_a_figure_by_a_few_gives_the_few_away() -> None:
    found = audit([national([50, 40, 30]), national([54, 40, 30], "July again", "July")])
    assert [one.count for one in found] == ["The change of ZAA by July again", "The change of all by July again"]
    assert found[0].interval == Bounds(1, 9)
    assert str(found[0]) == (
        "The change of ZAA by July again can be worked out to be between 1 and 9 "
        "from ZAA in July again (55) and ZAA in July (50)."
    )


def test_a_correction_that_moves_a_figure_by_many_passes() -> None:
    assert audit([national([50, 40, 30]), national([80, 40, 30], "July again", "July")]) == []


def test_a_correction_that_hides_another_prison_gives_the_first_away() -> None:
    """ZAC is small. July hid ZAB for its sake, the correction hides ZAA instead and shows ZAB."""
    sums = NATION
    july = Published("July", by_rule({"ZAA": 50, "ZAC": 1, "all": 91}) | {"ZAB": TOO_FEW}, sums)
    again = Published("July again", by_rule({"ZAB": 40, "ZAC": 1, "all": 91}) | {"ZAA": TOO_FEW}, sums, "July")
    assert audit([july]) == audit([Published("again", again.counts, sums)]) == []
    found = audit([july, again])
    assert [one.count for one in found] == ["ZAC"]
    assert {one.release for one in found[0].given_by} == {"July", "July again"}


def test_a_new_release_hides_more_until_the_audit_passes() -> None:
    july, again = national([50, 40, 30]), national([54, 40, 30], "July again", "July")
    mended = hide_more([july], again)
    assert audit([july, mended]) == []
    assert {key for key, shown in mended.counts.items() if shown is None} == {"ZAA", "all"}


def test_figures_of_several_counts_are_hidden_whole_and_what_is_kept_goes_last() -> None:
    july = Published("July", by_rule({"ZAA": 50, "ZAB": 40, "ZAC": 1}))
    nation = Published("the nation", by_rule({"all": 91, "of": 300}), NATION)
    assert hide_more([july], nation, figures=[("all", "of")]).counts == {"all": None, "of": None}
    july = Published("July", by_rule({"ZAA": 50, "ZAC": 1}))
    both = Published("the nation", by_rule({"all": 91, "ZAB": 40}), NATION)
    assert hide_more([july], both).counts["ZAB"] is None
    assert hide_more([july], both, lambda key: int(key == "ZAB")).counts["all"] is None


def test_what_is_out_already_cannot_be_mended() -> None:
    out = Published("July", by_rule({"ZAA": 50, "ZAB": 40, "ZAC": 1, "all": 91}), NATION)
    with pytest.raises(GivenAwayAlready, match="ZAC can be worked out"):
        hide_more([out], Published("August", by_rule({"all of August": 50})))


# --- what cannot be --------------------------------------------------------------------------------


def test_releases_that_cannot_be_true_are_refused() -> None:
    with pytest.raises(Contradiction):
        audit([Published("July", {"all": 10, "ZAA": 20, "ZAB": None}, [("all", ["ZAA", "ZAB"])])])


def test_names_are_used_once_and_a_correction_follows_what_it_corrects() -> None:
    with pytest.raises(ValueError, match="Two releases are called “July”"):
        audit([Published("July", {}), Published("July", {})])
    with pytest.raises(ValueError, match="which does not come before it"):
        audit([Published("July again", {}, replaces="July")])
    with pytest.raises(ValueError, match="below nought"):
        audit([Published("July", {"all": -1})])
