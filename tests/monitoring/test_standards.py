"""The items of a self-assessment as data: what they speak to, what informs them, and what the records suggest."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitoring.measures.catalogue import BY_CODE as MEASURES
from monitoring.measures.definition import Basis
from monitoring.models.self_assessment import Answer
from monitoring.standards import BY_CODE, ITEMS, Item, Reading, contradicts

QUARTER = "October to December 2026"
SHARES = [item for item in ITEMS if "from 90%, partly from 50%" in item.bounds and len(item.measures) == 1]


def reading(value: str | None, numerator: int = 0, denominator: int = 0, *, missing: bool = False) -> Reading:
    return Reading(
        None if value is None else Decimal(value), QUARTER, Decimal(numerator), Decimal(denominator), missing=missing
    )


def test_every_item_has_its_own_code_and_reads_measures_that_exist() -> None:
    assert [item.code for item in ITEMS] == [f"SA-{n:02}" for n in range(1, len(ITEMS) + 1)]
    for item in ITEMS:
        assert item.asks.endswith("?")
        assert set(item.measures) <= set(MEASURES), item.code
        assert item.bounds.endswith(".")


def test_nothing_is_shown_as_a_quotation() -> None:
    for item in ITEMS:
        assert item.basis in (Basis.DOMAIN, Basis.OURS)
        assert not {"“", "”", '"'} & set(item.asks + item.speaks_to + item.bounds)


def test_the_schemes_own_standard_is_there_whole() -> None:
    asked = " ".join(item.asks.lower() for item in ITEMS)
    for words in ("agreement between the prison and the council", "protected time", "formally employed", "training",
                  "supervision", "care record go with them", "handed over"):  # fmt: skip
        assert words in asked


@pytest.mark.parametrize("item", SHARES, ids=lambda item: item.code)
@pytest.mark.parametrize(
    ("value", "answer"),
    [("0.9", "MET"), ("0.8999", "PARTLY"), ("0.5", "PARTLY"), ("0.4999", "NOT_MET"), ("0", "NOT_MET")],
)
def test_a_share_suggests_by_its_bounds(item: Item, value: str, answer: str) -> None:
    code = item.measures[0]
    assert item.suggested({code: reading(value)}) == answer


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_without_records_nothing_is_suggested_and_no_return_is_not_known(item: Item) -> None:
    assert item.suggested({}) is None
    assert item.says({}) == ""
    not_due = {code: reading(None) for code in item.measures}
    assert item.suggested(not_due) is None
    missing = {code: reading(None, missing=True) for code in item.measures}
    assert item.suggested(missing) in (None, Answer.NOT_KNOWN)


@pytest.mark.parametrize(
    ("item", "facts", "answer", "words"),
    [
        ("SA-03", {"OP-11d": reading("28")}, "MET", "The typical wait for the council is 28 days"),
        ("SA-03", {"OP-11d": reading("28.5")}, "PARTLY", "28.5 days"),
        ("SA-03", {"OP-11d": reading("57")}, "NOT_MET", "57 days"),
        ("SA-06", {"BS-01": reading("0")}, "MET", "0 days of unmet personal care"),
        ("SA-06", {"BS-01": reading("3")}, "NOT_MET", "3 days of unmet personal care"),
        ("SA-08", {"OP-17": reading("0.4444", 4, 9)}, "NOT_MET", "4 of 9 active buddies"),
        ("SA-11", {"OP-22": reading("2.44")}, None, "2.4 boundary reports for every 1,000 support hours"),
        ("SA-16", {"OP-31": reading("1")}, "MET", "The agreement is in force"),
        ("SA-16", {"OP-31": reading("3")}, "NOT_MET", "The agreement does not exist"),
        ("SA-17", {"OP-20a": reading("9"), "OP-20b": reading("10")}, "MET", "9.0 hours a week worked of 10.0 planned"),
        ("SA-17", {"OP-20a": reading("0"), "OP-20b": reading("0")}, "NOT_MET", "0.0 hours a week"),
        ("SA-17", {"OP-20a": reading("4")}, None, ""),
    ],
)
def test_what_the_records_suggest_and_say(item: str, facts: dict[str, Reading], answer: str | None, words: str) -> None:
    assert BY_CODE[item].suggested(facts) == answer
    said = BY_CODE[item].says(facts)
    assert words in said
    assert not said or said.endswith(f"({QUARTER}).")


@pytest.mark.parametrize(
    ("answer", "suggested", "differs"),
    [
        ("MET", "MET", False), ("MET", "PARTLY", True), ("NOT_KNOWN", "MET", True), ("NOT_MET", "MET", True),
        ("MET", "NOT_KNOWN", False), ("MET", "", False), ("MET", None, False),
    ],
)  # fmt: skip
def test_records_that_know_nothing_contradict_nobody(answer: str, suggested: str | None, differs: bool) -> None:
    assert contradicts(answer, suggested) is differs
