"""The file of the pay system: a prison number and an amount in each row, checked row by row before anything is saved.

Pure: text and facts in, rows with their problems out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE
from buddyscheme.lib.money import pence_of
from monitoring.models import PayLine
from schemes.models import Buddy

NUMBER, AMOUNT = "Prison number", "Amount"
COLUMNS = (NUMBER, AMOUNT)
MOST_ROWS = 500
# Longer than anything that a cell of ours can hold: such a row is shown shortened, and refused.
MOST_CHARACTERS = 30


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One row: where it stands in the file, what it says, whose line it is, and what is wrong with it."""

    number: int
    prison_number: str
    typed: str
    line: PayLine | None = None
    pence: int | None = None
    problem: str = ""


def decoded(content: bytes) -> str:
    """The text of a file that a spreadsheet saved."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str) -> list[tuple[int, str, str]]:
    """Rows that say something: (row, prison number, amount). Raises `NotAllowed` for what is no such file."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        rows = [[_cell(cell) for cell in row] for row in reader]
    except csv.Error:
        raise NotAllowed(
            "This file cannot be read. Save it as CSV, or begin with the file to fill in.", field="file"
        ) from None
    header = [cell.casefold() for cell in rows[0]] if rows else []
    missing = [name for name in COLUMNS if name.casefold() not in header]
    if missing:
        raise NotAllowed(
            f"The first row of the file must name the columns. Missing: {', '.join(missing)}. "
            "Begin with the file to fill in.",
            field="file",
        )
    places = [header.index(name.casefold()) for name in COLUMNS]
    found = [
        (number, *(row[place] if place < len(row) else "" for place in places))
        for number, row in enumerate(rows[1:], start=2)
        if any(row)
    ]
    if not found:
        raise NotAllowed("The file has no row about anybody. Fill it in, then choose it again.", field="file")
    if len(found) > MOST_ROWS:
        raise NotAllowed(f"The file has {len(found)} rows and there is room for {MOST_ROWS}. Split it.", field="file")
    return found  # type: ignore[return-value]


def _cell(cell: str) -> str:
    return " ".join(cell.replace("\0", "").split()).lstrip("'")[:MOST_CHARACTERS]


def check(rows: Sequence[Sequence[Any]], lines: Sequence[PayLine], buddies: Mapping[str, Buddy]) -> list[Checked]:
    """Every row with what is wrong with it. `lines` are the period's; `buddies` all of the prison, by number."""
    of_period = {line.buddy.person.prison_number: line for line in lines}
    known: dict[str, int] = {}
    found = []
    for number, typed_number, typed in rows:
        prison_number = "".join(str(typed_number).split()).upper()
        row = _row(number, prison_number, str(typed), of_period.get(prison_number), prison_number in buddies, known)
        found.append(row)
        known.setdefault(prison_number, number)
    return found


def _row(
    number: int, prison_number: str, typed: str, line: PayLine | None, is_known: bool, known: Mapping[str, int]
) -> Checked:
    def bad(problem: str) -> Checked:
        return Checked(number=number, prison_number=prison_number, typed=typed, problem=problem, line=line)

    if not PRISON_NUMBER.fullmatch(prison_number):
        return bad(f"{PRISON_NUMBER_SHAPE}.")
    if prison_number in known:
        return bad(f"This person is in row {known[prison_number]} already. Keep one of the two.")
    if line is None and is_known:
        return bad("This person was no buddy in this period. Take the row out.")
    if line is None:
        return bad("No buddy here has this prison number. Check the number, or take the row out.")
    if not typed:
        return bad("The amount is empty. For somebody who was paid nothing, write 0.")
    try:
        pence = pence_of(typed)
    except ValueError as error:
        return bad(f"{error}.")
    return Checked(number=number, prison_number=prison_number, typed=typed, line=line, pence=pence)
