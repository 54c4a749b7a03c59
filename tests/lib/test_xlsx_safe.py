"""Spreadsheets hold no program: every text is a text, as harmless as in a CSV file."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from buddyscheme.lib.xlsx_safe import LONGEST, Sheet, xlsx_bytes

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PLANTED = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\ufeff=1+1", "\uff1d1+1", " =1+1",
    "{=1+1}", "http://example.test/", "mailto:a@example.test", "123", "1e5",
]  # fmt: skip


def sheet_of(*rows: list[object], header: tuple[str, ...] = ("Name", "Number")) -> bytes:
    return xlsx_bytes([Sheet("Figures", header, rows)], made_at=NOW)  # type: ignore[arg-type]


def parts(content: bytes, name: str) -> str:
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(each).decode() for each in book.namelist() if name in each)


def read(content: bytes) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_numbers_are_numbers_and_what_is_missing_is_empty() -> None:
    content = sheet_of(["a", 3], ["b", Decimal("0.25")], ["c", None], ["d", 0])
    assert read(content)[1:] == [["a", 3.0], ["b", 0.25], ["c", ""], ["d", 0.0]]
    # An empty cell is not there at all, and so is no nought.
    assert 'r="B4"' not in parts(content, "sheet1")


def test_days_and_truth_are_texts_as_in_a_csv_file() -> None:
    assert read(sheet_of([date(2026, 11, 3), True]))[1] == ["2026-11-03", "yes"]


@pytest.mark.parametrize("text", PLANTED)
def test_no_text_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    content = xlsx_bytes([Sheet("Figures", (text,), [(text,)])], made_at=NOW)
    sheet = parts(content, "worksheets/sheet")
    assert "<f>" not in sheet and "<f " not in sheet
    assert "hyperlink" not in sheet.lower() and "hyperlink" not in parts(content, "rels").lower()
    # Two cells, each an index into the shared texts.
    assert re.findall(r'<c r="A\d" s="\d" t="(\w+)">', sheet) == ["s", "s"]
    for row in read(content):
        assert str(row[0]).lstrip("\ufeff \t\r\n")[:1] not in tuple("=+-@\uff1d")


def test_a_cell_stays_text_when_somebody_presses_enter_in_it() -> None:
    assert parts(sheet_of(["=1+1", 1]), "styles").count('quotePrefix="1"') == 2


def test_a_row_of_another_length_and_a_number_that_is_none_are_refused() -> None:
    with pytest.raises(ValueError, match="1 cells where the header has 2"):
        sheet_of(["a"])
    with pytest.raises(ValueError, match="finite"):
        sheet_of(["a", float("nan")])
    with pytest.raises(ValueError, match="no more"):
        sheet_of(["a" * (LONGEST + 1), 1])


def test_the_same_sheet_is_the_same_file() -> None:
    assert read(sheet_of(["a", 1])) == read(sheet_of(["a", 1]))
    assert "2026-11-23T10:00:00Z" in parts(sheet_of(["a", 1]), "core.xml")
