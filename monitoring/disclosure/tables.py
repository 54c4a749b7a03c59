"""Tables with margins, the 10-5 rule for a table, and a table as a web of counts and sums."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitoring.disclosure.figures import Protected, protect_count
from monitoring.disclosure.webs import Sum

CellT = TypeVar("CellT")
OtherT = TypeVar("OtherT")


@dataclass(frozen=True)
class Table(Generic[CellT]):
    """A table with its margins. Rows of `cells` are as long as `columns`; labels may be left out."""

    cells: tuple[tuple[CellT, ...], ...]
    row_totals: tuple[CellT, ...]
    column_totals: tuple[CellT, ...]
    total: CellT
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    structural_zeros: frozenset[tuple[int, int]] = frozenset()
    """Places (row, column) from nought that could hold nothing else."""

    @property
    def height(self) -> int:
        return len(self.row_totals)

    @property
    def width(self) -> int:
        return len(self.column_totals)

    def places(self) -> list[tuple[int, int]]:
        """Every (row, column) in the order of `flat`: cells by row, totals of rows, totals of columns, the total.

        The total of a row stands in the column after the last, that of a column in the row after the last.
        """
        height, width = self.height, self.width
        inner = [(i, j) for i in range(height) for j in range(width)]
        return inner + [(i, width) for i in range(height)] + [(height, j) for j in range(width)] + [(height, width)]

    def flat(self) -> list[CellT]:
        return [cell for row in self.cells for cell in row] + [*self.row_totals, *self.column_totals, self.total]

    def sums(self) -> list[Sum]:
        """What the reader of a table with margins knows, by place in `flat`."""
        height, width = self.height, self.width
        first_row, first_column, last = height * width, height * width + height, height * width + height + width
        sums = [Sum(first_row + i, tuple(range(i * width, (i + 1) * width))) for i in range(height)]
        sums += [Sum(first_column + j, tuple(range(j, height * width, width))) for j in range(width)]
        return [*sums, Sum(last, tuple(range(first_row, first_column))), Sum(last, tuple(range(first_column, last)))]

    def structural_places(self) -> set[int]:
        return {i * self.width + j for i, j in self.structural_zeros}

    def refilled(self, flat: Sequence[OtherT]) -> Table[OtherT]:
        """The same table with other contents, in the order of `flat`."""
        height, width = self.height, self.width
        first_row, first_column, last = height * width, height * width + height, height * width + height + width
        return Table(
            cells=tuple(tuple(flat[i * width : (i + 1) * width]) for i in range(height)),
            row_totals=tuple(flat[first_row:first_column]),
            column_totals=tuple(flat[first_column:last]),
            total=flat[last],
            rows=self.rows,
            columns=self.columns,
            structural_zeros=self.structural_zeros,
        )


Counts = Table[int] | Sequence[Sequence[int]]
"""A table, or its rows of true counts without totals: `[[20, 14, 3], [17, 12, 11]]`."""


def count_table(
    cells: Sequence[Sequence[int]],
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    structural_zeros: Collection[tuple[int, int]] = (),
) -> Table[int]:
    """A table of true counts with its totals added up. Raises `ValueError` when its rows differ in length."""
    if len({len(row) for row in cells}) > 1:
        raise ValueError("The rows of a table are of one length.")
    return Table(
        cells=tuple(tuple(row) for row in cells),
        row_totals=tuple(sum(row) for row in cells),
        column_totals=tuple(sum(column) for column in zip(*cells, strict=True)),
        total=sum(map(sum, cells)),
        rows=tuple(rows),
        columns=tuple(columns),
        structural_zeros=frozenset(structural_zeros),
    )


def as_table(counts: Counts) -> Table[int]:
    return counts if isinstance(counts, Table) else count_table(counts)


def ten_five(counts: Counts) -> Table[Protected]:
    """Every cell and every total by the 10-5 rule, totals rounded from the true totals.

    Takes a table of true counts or its bare rows. This rule by itself does not stop a hidden cell from being worked
    out: see `withhold_table`.
    """
    table = as_table(counts)
    structural = table.structural_places()
    return table.refilled([protect_count(n, place in structural) for place, n in enumerate(table.flat())])
