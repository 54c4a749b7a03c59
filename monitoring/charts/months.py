"""A measure over twelve months: what it says in words, the picture, and the same numbers in a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from buddyscheme.lib.dates import Month
from monitoring.charts.line import LineChart, line_chart
from monitoring.charts.point import Point, plain_tick
from monitoring.disclosure import State
from monitoring.measures.definition import Kind, Measure, Needs
from monitoring.models.figure import FigureState
from monitoring.words import STATE_WORDS, basis_words, figure_words, percent


class HasFigure(Protocol):
    """A stored or a released figure."""

    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    completeness: Decimal | None


@dataclass(frozen=True)
class MonthsChart:
    """What `monitoring/charted.html` takes."""

    title: str
    conclusion: str
    rows: tuple[dict[str, str], ...]
    on_visits: bool
    picture: LineChart | None


def chart_of(measure: Measure, months: list[tuple[Month, Any]]) -> MonthsChart:
    """The chart of a measure; months oldest first, each with its figure or None where none is stored."""
    conclusion = _conclusion(measure, months)
    title = f"{measure.title}, by month"
    picture = None
    if any(figure is not None and figure.value is not None for _, figure in months):
        picture = line_chart(
            id=f"chart-{measure.code.lower()}",
            title=title,
            conclusion=conclusion,
            points=[_point(measure, *each) for each in months],
            most=1 if measure.kind is Kind.SHARE else None,
            tick=(lambda value: f"{value:.0%}") if measure.kind is Kind.SHARE else plain_tick,
        )
    rows = tuple(_row(measure, *each) for each in months)
    return MonthsChart(title, conclusion, rows, measure.needs is Needs.VISITS, picture)


def _point(measure: Measure, month: Month, figure: HasFigure | None) -> Point:
    label = str(month)
    if figure is None:
        return Point(label, State.NOT_YET_DUE, None, STATE_WORDS[FigureState.NOT_YET_DUE])
    value = None if figure.value is None else float(figure.value)
    return Point(label, State(figure.state), value, figure_words(measure, figure.state, figure.value))


def _row(measure: Measure, month: Month, figure: HasFigure | None) -> dict[str, str]:
    if figure is None:
        return {"month": str(month), "figure": "Not yet due", "basis": "", "recorded": ""}
    return {
        "month": str(month),
        "figure": figure_words(measure, figure.state, figure.value),
        "basis": basis_words(measure, figure.numerator, figure.denominator),
        "recorded": "" if figure.completeness is None else percent(figure.completeness),
    }


def _conclusion(measure: Measure, months: list[tuple[Month, Any]]) -> str:
    """First and last shown month compared, without claiming a cause; what is missing is said."""
    shown = [
        (month, figure.value, figure_words(measure, figure.state, figure.value))
        for month, figure in months
        if figure is not None and figure.state in (FigureState.VALUE, FigureState.NONE) and figure.value is not None
    ]
    silent = [month for month, figure in months if figure is not None and figure.state == FigureState.NOT_RETURNED]
    gap = f" No return for {len(silent)} of the months." if silent else ""
    if not shown:
        if any(figure is not None and figure.state == FigureState.TOO_FEW for _, figure in months):
            return f"Too few to show in {'the other months' if silent else 'every month'}.{gap}"
        return f"There is no month with a figure yet.{gap}"
    if len(shown) == 1:
        return f"{shown[0][0]}: {shown[0][2]}. There is no other month to compare it with.{gap}"
    (first, before, old), (last, after, new) = shown[0], shown[-1]
    if old == new:
        return f"{new} in {last}, the same as in {first}.{gap}"
    way = "up" if after > before else "down"
    return f"{new} in {last}, {way} from {old.lower()} in {first}.{gap}"
