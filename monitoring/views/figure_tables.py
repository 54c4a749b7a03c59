"""Measures in a table under each heading of an inspection report, every one a link to its own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from monitoring.measures.definition import Heading, Measure
from monitoring.views.cards import HasFigure
from monitoring.words import basis_words, by_hand_words, figure_words

NOT_YET = "Not worked out yet"

SHORT = {
    Heading.NEED: "Need and access",
    Heading.QUALITY: "Quality and safety",
    Heading.PEERS: "Peers",
    Heading.BOUNDARIES: "Boundaries",
    Heading.EQUALITY: "Equality",
    Heading.CONTINUITY: "Continuity",
    Heading.LEADERSHIP: "Leadership and data",
    Heading.COST: "Cost",
    Heading.OUTCOMES: "Outcomes",
}


@dataclass(frozen=True)
class Line:
    """One measure: its page, a cell for each column, and what stands out."""

    measure: Measure
    href: str
    cells: tuple[Cell | str, ...]
    tag: Tag | None = None


def tables_under_headings(
    lines: Iterable[Line], *, columns: tuple[str | Column, ...], status: str = "Look at"
) -> list[dict[str, object]]:
    """Sections with an anchor, a heading and a table, in the order of a report."""
    found: dict[Heading, list[Row]] = {}
    for line in lines:
        note = ". ".join(filter(None, (line.measure.code, by_hand_words(line.measure))))
        row = Row(text=line.measure.title, href=line.href, note=note, cells=line.cells, tag=line.tag)
        found.setdefault(line.measure.heading, []).append(row)
    return [
        {
            "anchor": heading.name.lower(),
            "short": SHORT[heading],
            "heading": heading.value,
            "table": Table(
                caption=heading.value,
                caption_hidden=True,
                first="Measure",
                columns=columns,
                rows=found[heading],
                status=status,
            ),
        }
        for heading in Heading
        if heading in found
    ]


def figure_line(
    measure: Measure, href: str, now: HasFigure | None, before: HasFigure | None, tag: Tag | None = None
) -> Line:
    """An exact figure beside the one of the period before."""
    basis = "" if now is None else basis_words(measure, now.numerator, now.denominator)
    return Line(
        measure,
        href,
        (Cell(text=exact_words(measure, now), note=basis), Cell(text=exact_words(measure, before) if before else "–")),
        tag,
    )


def exact_words(measure: Measure, figure: HasFigure | None) -> str:
    """A stored figure, or that there is none yet."""
    return NOT_YET if figure is None else figure_words(measure, figure.state, figure.value)


def period_columns(chosen: Month | Quarter) -> tuple[Column, ...]:
    """The headings of the cells of `figure_line`."""
    return Column(text=str(chosen), numeric=True), Column(text=str(chosen.previous()), numeric=True)
