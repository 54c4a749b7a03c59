"""Prisons beside each other, by name: no ranks, because among small numbers a rank is chance."""

from __future__ import annotations

from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.charts.bars import BarChart, bar_chart
from monitoring.charts.point import Point
from monitoring.disclosure import State
from monitoring.measures.definition import Kind, Measure, Needs
from monitoring.words import basis_words, figure_words, percent


def prisons_table(measure: Measure, entries: list[tuple[Prison, Any, str]]) -> Table:
    """One row a prison: its figure in words, what it rests on and how complete it is; the name links to its page."""
    return Table(
        caption=f"{measure.title}, by prison",
        first="Prison",
        columns=_columns(measure),
        rows=[_row(measure, *entry) for entry in entries],
        caption_hidden=True,
    )


def prisons_picture(measure: Measure, entries: list[tuple[Prison, Any, str]]) -> BarChart | None:
    """A bar a prison, in the order of their names; None where no prison has a figure to draw."""
    points = [_point(measure, prison, figure) for prison, figure, _ in entries]
    if not any(point.value is not None for point in points):
        return None
    return bar_chart(
        id=f"prisons-{measure.code.lower()}",
        title=f"{measure.title}, by prison",
        conclusion="Prisons stand in the order of their names. Differences between small prisons are often chance.",
        points=points,
        most=1 if measure.kind is Kind.SHARE else None,
        sort=False,
    )


def _point(measure: Measure, prison: Prison, figure: Any) -> Point:
    if figure is None:
        return Point(prison.name, State.NOT_YET_DUE, None, "Not in this release")
    value = None if figure.value is None else float(figure.value)
    return Point(prison.name, State(figure.state), value, figure_words(measure, figure.state, figure.value))


def _columns(measure: Measure) -> list[Column | str]:
    columns: list[Column | str] = [Column(text="Figure", numeric=True)]
    if measure.needs is Needs.VISITS:
        columns += ["Rests on", Column(text="Recorded", numeric=True)]
    return columns


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
    shown = cells[: len(_columns(measure))]
    return Row(text=prison.name, href=href, hidden=f"in this release: {measure.title}", cells=shown)
