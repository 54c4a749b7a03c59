"""The file of the rows to mend: what it is made of, and how it is read when it comes back."""

from __future__ import annotations

import re

from buddyscheme.lib.csv_rows import body_of, check_headings
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.sheet_rows import sheet_of_file
from schemes.imports.registry import Kind

ROW, WRONG = "Row", "What is wrong"
MOST_MENDED = 5000


def said_in(kind: Kind, content: bytes) -> dict[int, dict[str, str]]:
    """What each row of the file says now: its number in the import → words by field."""
    place, rows = sheet_of_file(content)
    names = check_headings(rows[place:], (ROW,), row="row")
    places = {ROW: names.index(ROW.casefold())}
    for name, label in kind.labels.items():
        if label.casefold() in names:
            places[name] = names.index(label.casefold())
    found: dict[int, dict[str, str]] = {}
    for _, cells in body_of(rows[place:], places, most=MOST_MENDED, row="row"):
        number = cells.pop(ROW)
        if not re.fullmatch(r"\d{1,7}", number, re.ASCII):
            raise NotAllowed(f"“{number[:20]}” in the column “{ROW}” is not a number of a row.", field="file")
        if int(number) in found:
            raise NotAllowed(f"Row {number} is in the file twice. Take one of them out.", field="file")
        found[int(number)] = cells
    return found
