"""A prison's own figures as a table, exact: those that were worked out, and those that somebody gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.csv_safe import Cell
from buddyscheme.lib.xlsx_safe import Sheet
from monitoring.exports.releases import state_words
from monitoring.measures.definition import Measure
from monitoring.models import Figure, TypedFigure
from monitoring.models.figure import FigureState

MARKING = "OFFICIAL-SENSITIVE"
HEADER = (
    "marking", "prison_code", "prison", "period", "measure", "title", "state", "value", "day", "unit", "numerator",
    "denominator", "n", "completeness", "looked_at_by_staff", "source", "definition_version", "version", "as_of",
)  # fmt: skip
NOT_KNOWN = "Not known"


def own_sheet(
    prison: Prison, figures: Iterable[Figure], typed: Iterable[TypedFigure], measures: Mapping[str, Measure]
) -> Sheet:
    """Every figure on a row, by period and then in the order of the measures."""
    order = {code: place for place, code in enumerate(measures)}
    rows: list[tuple[Figure | TypedFigure, list[Cell]]] = []
    rows += [(each, _worked_out(prison, each, measures.get(each.measure))) for each in figures]
    rows += [(each, _given(prison, each, measures.get(each.measure))) for each in typed]
    rows.sort(key=lambda pair: (pair[0].first_day, pair[0].period, order.get(pair[0].measure, len(order))))
    return Sheet("Figures", HEADER, [row for _, row in rows])


def _worked_out(prison: Prison, figure: Figure, measure: Measure | None) -> list[Cell]:
    return [
        MARKING,
        prison.code,
        prison.name,
        figure.period,
        figure.measure,
        measure.title if measure else "",
        state_words(figure.state),
        figure.value,
        None,
        measure.unit if measure else "",
        figure.numerator,
        figure.denominator,
        figure.n,
        figure.completeness,
        figure.looked_at_share,
        measure.source.value if measure else "",
        figure.definition_version,
        figure.version,
        figure.computed_at.isoformat(timespec="minutes"),
    ]


def _given(prison: Prison, figure: TypedFigure, measure: Measure | None) -> list[Cell]:
    known = figure.value is not None or figure.fact_on is not None
    return [
        MARKING,
        prison.code,
        prison.name,
        figure.period,
        figure.measure,
        measure.title if measure else "",
        state_words(FigureState.VALUE) if known else NOT_KNOWN,
        figure.value,
        figure.fact_on,
        measure.unit if measure else "",
        None,
        None,
        None,
        None,
        None,
        figure.source,
        measure.version if measure else None,
        figure.version,
        figure.entered_at.isoformat(timespec="minutes"),
    ]
