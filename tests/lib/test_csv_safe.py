import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buddyscheme.lib.csv_safe import DANGEROUS_START, csv_lines, csv_text, safe_cell

texts = st.text(st.characters(exclude_categories=["Cs"]))
starters = st.sampled_from(sorted(DANGEROUS_START))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", sorted(DANGEROUS_START))
def test_text_that_a_spreadsheet_could_run_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}cmd") == f"'{start}cmd"


@pytest.mark.parametrize("hidden", [" =1+1", "\ufeff=1+1", "\u200b=1+1", "\u202e=1+1", "\u00a0=1+1"])
def test_a_formula_behind_unseen_characters_gets_one_too(hidden: str) -> None:
    assert safe_cell(hidden) == f"'{hidden}"


def test_numbers_stay_numbers() -> None:
    assert csv_text(["a", "b", "c"], [[-5, -2.5, Decimal("-0.10")]]) == '"a","b","c"\r\n-5,-2.5,-0.10\r\n'


def test_text_that_looks_like_a_number_is_text() -> None:
    assert safe_cell("-5") == "'-5"
    assert safe_cell("007") == "007"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_no_finite_number_is_refused(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="finite"):
        safe_cell(value)


def test_other_kinds_of_cell() -> None:
    assert safe_cell(None) == ""
    assert safe_cell(True) == "yes"
    assert safe_cell(False) == "no"
    assert safe_cell(date(2026, 11, 23)) == "2026-11-23"
    assert safe_cell(datetime(2026, 11, 23, 9, 5, tzinfo=UTC)) == "2026-11-23T09:05:00+00:00"


def test_headers_are_made_safe_too() -> None:
    assert csv_text(["=1+1"], []) == '"\'=1+1"\r\n'


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells where the header has 1"):
        csv_text(["a"], [["x", "y"]])


def test_lines_are_made_as_they_are_asked_for() -> None:
    def rows() -> object:
        yield ["first"]
        raise AssertionError("asked for too early")

    lines = csv_lines(["a"], rows())  # type: ignore[arg-type]
    assert next(lines) == '"a"\r\n'
    assert next(lines) == '"first"\r\n'


@given(texts)
def test_no_text_cell_ever_starts_dangerously(text: str) -> None:
    cell = str(safe_cell(text))
    assert cell[:1] not in DANGEROUS_START
    assert cell in (text, "'" + text)


@given(starters, texts)
def test_no_dangerous_text_gets_through(start: str, rest: str) -> None:
    assert str(safe_cell(start + rest)).startswith("'")


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_what_was_written_is_read_back(rows: list[list[str]]) -> None:
    # NUL is left out: Python's own reader takes it, other readers do not.
    found = read(csv_text(["a", "b"], rows))
    assert found[0] == ["a", "b"]
    assert found[1:] == [[str(safe_cell(cell)) for cell in row] for row in rows]


@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from([";", "\t", "|"]))
def test_another_separator_finds_no_cell_to_run(cells: list[str], separator: str) -> None:
    """Another locale splits at ``;`` or tab; the quotes must still hold the text together."""
    line = csv_text(["x"] * len(cells), [cells]).split("\r\n", 1)[1]
    first = next(csv.reader(io.StringIO(line, newline=""), delimiter=separator))[0]
    assert first[:1] not in DANGEROUS_START
