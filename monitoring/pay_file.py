"""The file of the pay system: a prison number and an amount in each row, checked row by row before anything is saved.

Pure: text and facts in, rows with their problems out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from buddyscheme.lib.csv_rows import body_of, cells_of, check_headings
from buddyscheme.lib.fields import PRISON_NUMBER, PRISON_NUMBER_SHAPE, prison_number_of
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


def read(text: str) -> list[tuple[int, str, str]]:
    """Rows that say something: (row, prison number, amount). Raises `NotAllowed` for what is no such file."""
    rows = [[_cell(cell) for cell in row] for row in cells_of(text)]
    header = check_headings(rows, COLUMNS, row="row")
    places = {name: header.index(name.casefold()) for name in COLUMNS}
    body = body_of(rows, places, most=MOST_ROWS, row="row")
    return [(number, said[NUMBER], said[AMOUNT]) for number, said in body]


def _cell(cell: str) -> str:
    return " ".join(cell.replace("\0", "").split()).lstrip("'")[:MOST_CHARACTERS]


def check(rows: Sequence[Sequence[Any]], lines: Sequence[PayLine], buddies: Mapping[str, Buddy]) -> list[Checked]:
    """Every row with what is wrong with it. `lines` are the period's; `buddies` all of the prison, by number."""
    of_period = {line.buddy.person.prison_number: line for line in lines}
    known: dict[str, int] = {}
    found = []
    for number, typed_number, typed in rows:
        prison_number = prison_number_of(str(typed_number))
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
