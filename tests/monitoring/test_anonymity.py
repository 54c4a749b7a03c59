"""k and l of rows that leave, by hand."""

from __future__ import annotations

import pytest

from monitoring.disclosure import anonymity

# Golden S5.
ROWS = [
    {"age": "40s", "wing": "A", "need": "mobility"},
    {"age": "40s", "wing": "A", "need": "mobility"},
    {"age": "40s", "wing": "A", "need": "hearing"},
    {"age": "50s", "wing": "A", "need": "mobility"},
    {"age": "50s", "wing": "A", "need": "mobility"},
]


def test_k_is_the_smallest_class_and_l_the_least_variety_in_one() -> None:
    found = anonymity(ROWS, ["age", "wing"], "need")
    assert (found.k, found.l) == (2, 1)
    assert [(one.values, one.size, one.distinct) for one in found.classes] == [
        (("50s", "A"), 2, 1),
        (("40s", "A"), 3, 2),
    ]


def test_one_class_of_all_rows_is_larger_and_more_varied() -> None:
    merged = [row | {"age": "40 to 59"} for row in ROWS]
    found = anonymity(merged, ["age", "wing"], "need")
    assert (found.k, found.l) == (5, 2)
    for fewer in (["wing"], []):
        found = anonymity(ROWS, fewer, "need")
        assert (found.k, found.l, len(found.classes)) == (5, 2, 1)


def test_the_classes_below_what_is_asked_for_are_named() -> None:
    found = anonymity(ROWS, ["age", "wing"], "need")
    assert [one.values for one in found.below(3)] == [("50s", "A")]
    assert [one.values for one in found.below(2, 2)] == [("50s", "A")]
    assert len(found.below(10)) == 2
    assert found.below(2) == ()


def test_l_is_not_that_of_the_smallest_class_alone() -> None:
    rows = [{"age": "40s", "need": need} for need in ("mobility", "hearing")]
    rows += [{"age": "50s", "need": "mobility"}] * 3
    assert (anonymity(rows, ["age"], "need").k, anonymity(rows, ["age"], "need").l) == (2, 1)


def test_with_two_sensitive_columns_the_less_varied_counts() -> None:
    rows = [{"wing": "A", "need": need, "faith": "none"} for need in ("mobility", "hearing", "memory")]
    assert anonymity(rows, ["wing"], ["need", "faith"]).l == 1
    assert anonymity(rows, ["wing"], ["need"]).l == 3


def test_impossible_questions_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="There are no rows"):
        anonymity([], ["age"], "need")
    with pytest.raises(ValueError, match="1 of 6 rows have no column “wing”"):
        anonymity([*ROWS, {"age": "40s", "need": "memory"}], ["wing"], "need")
    with pytest.raises(ValueError, match="no column “shoe size”"):
        anonymity(ROWS, ["age"], "shoe size")
    with pytest.raises(ValueError, match="“need” cannot be known"):
        anonymity(ROWS, ["need"], "need")
    with pytest.raises(ValueError, match="Name the column"):
        anonymity(ROWS, ["age"], [])
