"""Reading the CSV files that people fill in with a spreadsheet: one heading in each column, one person in each row.

Each `NotAllowed` speaks about the file as a whole; what is wrong with one row is for whoever reads the rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from buddyscheme.lib.errors import NotAllowed

# A NUL cannot be stored, and no spreadsheet writes one.
NO_TEXT = "The file holds signs that are no text. Save the list again, as CSV or as an Excel workbook."


def decoded(content: bytes) -> str:
    """The text of a file that a spreadsheet saved: UTF-8, Excel's "Unicode text", or what Windows wrote before."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def cells_of(text: str, *, strict: bool = False) -> list[list[str]]:
    """Every row, its cells trimmed and without the apostrophe that `csv_safe` puts in front.

    Commas, semicolons or tabs, as the first row has them. `strict` refuses quotes that are not as they should be.
    """
    text = text.lstrip("\ufeff")
    if "\0" in text:
        raise NotAllowed(NO_TEXT, field="file")
    first = text.split("\n", 1)[0]
    delimiter = ";" if ";" in first else "\t" if "\t" in first and "," not in first else ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        return [[cell.strip().lstrip("'") for cell in row] for row in reader]
    except csv.Error:
        raise NotAllowed(
            "This file cannot be read. Save it as CSV, or begin with the file to fill in.", field="file"
        ) from None


def check_headings(rows: Sequence[Sequence[str]], needed: Iterable[str], *, row: str) -> list[str]:
    """The headings in lower case; refused unless every one that is needed is there. `row` is what a row is called."""
    names = [name.casefold() for name in rows[0]] if rows else []
    missing = [name for name in needed if name.casefold() not in names]
    if missing:
        raise NotAllowed(
            f"The first {row} of the file must name the columns. Missing: {', '.join(missing)}. "
            "Begin with the file to fill in.",
            field="file",
        )
    return names


def body_of(
    rows: Sequence[Sequence[str]], places: Mapping[str, int], *, most: int, row: str
) -> list[tuple[int, dict[str, str]]]:
    """Rows that say something, by heading, with their number in the file: the one after the headings is 2."""
    body = [
        (number, {name: cells[place] if place < len(cells) else "" for name, place in places.items()})
        for number, cells in enumerate(rows[1:], start=2)
        if any(cells)
    ]
    if not body:
        raise NotAllowed(f"The file has no {row} about anybody. Fill it in, then choose it again.", field="file")
    if len(body) > most:
        raise NotAllowed(f"The file has {len(body)} {row}s and there is room for {most}. Split it.", field="file")
    return body
