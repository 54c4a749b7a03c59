"""Prisons beside each other, by name: no ranks, because among small numbers a rank is chance."""

from __future__ import annotations

from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.measures.definition import Measure
from monitoring.words import basis_words, figure_words, percent


def prisons_table(measure: Measure, entries: list[tuple[Prison, Any, str]]) -> Table:
    """One row a prison: its figure in words, what it rests on and how complete it is; the name links to its page."""
    return Table(
        caption=f"{measure.title}, by prison",
        first="Prison",
        columns=[Column(text="Figure", numeric=True), "Rests on", Column(text="Recorded", numeric=True)],
        rows=[_row(measure, *entry) for entry in entries],
        caption_hidden=True,
    )


def _row(measure: Measure, prison: Prison, figure: Any, href: str) -> Row:
    if figure is None:
        cells = [Cell(text="Not in this release", numeric=True), Cell(text=""), Cell(text="", numeric=True)]
    else:
        recorded = "" if figure.completeness is None else percent(figure.completeness)
        cells = [
            Cell(text=figure_words(measure, figure.state, figure.value), numeric=True),
            Cell(text=basis_words(measure, figure.numerator, figure.denominator)),
            Cell(text=recorded, numeric=True),
        ]
    return Row(text=prison.name, href=href, hidden=f"in this release: {measure.title}", cells=cells)
