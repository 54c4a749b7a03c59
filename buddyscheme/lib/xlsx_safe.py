"""Spreadsheets that hold no program: every text is written as text, and neutralised as in a CSV file.

A text cell that begins like a formula is harmless as long as it stays a text cell; it gets its apostrophe all the same,
because people save sheets as CSV. Its style says "text" too, so that pressing Enter in it does not wake it up.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from buddyscheme.lib.csv_safe import Cell, safe_cell

LONGEST = 32_767
"""Characters that a cell holds."""
WIDEST = 60
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings, and rows that are each as long as the headings."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def xlsx_bytes(sheets: Iterable[Sheet], *, made_at: datetime) -> bytes:
    """The workbook. Numbers are numbers, an empty cell is empty, everything else is text.

    Raises `ValueError` for a row of another length than its headings, for a number that is not finite, and for a text
    that no cell can hold.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    text, heading = book.add_format(), book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for style in (text, heading):
        style.set_quote_prefix()
    for sheet in sheets:
        _check(sheet)
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for place, words in enumerate(sheet.header):
            page.write_string(0, place, _text(words), heading)
            page.set_column(place, place, _width(sheet, place))
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row):
                value = safe_cell(cell)
                if not isinstance(value, str):
                    page.write_number(number, place, float(value))
                elif value:
                    page.write_string(number, place, _text(value), text)
    book.close()
    return out.getvalue()


def _check(sheet: Sheet) -> None:
    for row in sheet.rows:
        if len(row) != len(sheet.header):
            raise ValueError(f"A row has {len(row)} cells where the header has {len(sheet.header)}.")


def _text(words: str) -> str:
    safe = safe_cell(words)
    assert isinstance(safe, str)
    if len(safe) > LONGEST:
        raise ValueError(f"A cell holds {LONGEST:,} characters and no more.")
    return safe


def _width(sheet: Sheet, place: int) -> int:
    """As wide as the heading or the first rows need, within reason."""
    shown = [str(sheet.header[place]), *(str(row[place] or "") for row in sheet.rows[:50])]
    return min(WIDEST, max(10, *(len(each) + 2 for each in shown)))
