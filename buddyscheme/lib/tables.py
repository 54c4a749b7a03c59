"""What a list page hands to `components/list_table.html`: words only, already worded for the reader."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A status in words, with a colour of the design system (blue, green, grey, orange, purple, red, teal, yellow…).

    The words carry the meaning; the colour only helps. An empty colour is the design system's usual one.
    """

    text: str
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column's heading; `numeric` sets it and its cells to the right."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell. `note` is smaller print under the text; `hidden` is read out after it."""

    text: object
    href: str = ""
    hidden: str = ""
    note: str = ""
    numeric: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: the first column's link, the cells between, and the status at the end.

    `hidden` completes a link's words for those who hear it alone ("Open" + "referral of Adams, John").
    """

    text: str
    href: str = ""
    hidden: str = ""
    note: str = ""
    cells: Sequence[Cell | str] = ()
    tag: Tag | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """`columns` are the headings between the first column and the status, one for each of a row's cells."""

    caption: str
    first: str
    columns: Sequence[Column | str] = ()
    rows: Sequence[Row] = field(default_factory=list)
    status: str = "Status"
    caption_hidden: bool = False

    @property
    def has_tags(self) -> bool:
        return any(row.tag for row in self.rows)

    @property
    def headings(self) -> list[Column]:
        return [column if isinstance(column, Column) else Column(text=column) for column in self.columns]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Column, Cell]]]]:
        """Rows with every cell made whole, each beside its column: aligned as the column says.

        Raises `ValueError` for a row with more or fewer cells than there are columns.
        """
        headings = self.headings
        return [
            (row, [(column, _aligned(cell, column)) for column, cell in zip(headings, row.cells, strict=True)])
            for row in self.rows
        ]


# A day alone in a cell, perhaps with its time: "23 November 2026", "23 November 2026, 10:00".
DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2})[a-z]* (\d{4})(, \d\d:\d\d)?")


def _aligned(cell: Cell | str, column: Column) -> Cell:
    whole = cell if isinstance(cell, Cell) else Cell(text=cell)
    whole = replace(whole, text=short_day(whole.text))
    return replace(whole, numeric=True) if column.numeric else whole


def short_day(text: object) -> object:
    """A day as a table shows it, on one line with its month cut to three letters; anything else as it is.

    The design system's style for dates where space is short.
    """
    found = DAY.fullmatch(text) if isinstance(text, str) else None
    return f"{found[1]}\u00a0{found[2]}\u00a0{found[3]}{found[4] or ''}" if found else text
