"""The pictures of a report: a figure month by month, and the prison among all prisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from buddyscheme.lib.dates import Month
from monitoring import statistics
from monitoring.charts.control import control_chart
from monitoring.charts.funnel import INNER, OUTER, Field, Judged, Unit, funnel_chart, judge
from monitoring.charts.months import tick_of
from monitoring.charts.point import Point
from monitoring.charts.shown import Numbers, NumbersRow
from monitoring.charts.signals import Finding, Stretch, conclusion_of, findings, signal_words, stretches
from monitoring.disclosure import State
from monitoring.measures.definition import Kind, Measure, Told
from monitoring.models.figure import FigureState
from monitoring.reports.structure import Drawing
from monitoring.statistics import Interval
from monitoring.words import STATE_WORDS, basis_words, figure_words

UNNAMED = ""
"""Other prisons: in the picture without their names, so that the prison itself can be given the report."""
SAME = 0.001


@dataclass(frozen=True)
class Run:
    """A figure month by month, with its limits where it has them and every rule that fired."""

    points: tuple[Point, ...]
    parts: tuple[Stretch, ...]
    found: tuple[Finding, ...]

    @property
    def has_limits(self) -> bool:
        return self.parts[-1].chart is not None

    def fired_in(self, months: Sequence[Month]) -> bool:
        """Whether a rule fired in one of these months."""
        labels = {str(month) for month in months}
        return any(self.points[place].label in labels for each in self.found for place in each.places)

    @property
    def conclusion(self) -> str:
        """What the rules say, in plain sentences."""
        return " ".join(conclusion_of(self.points, self.parts, self.found))


def run_of(measure: Measure, months: Sequence[Month], monthly: Mapping[tuple[str, str], Any]) -> Run | None:
    """One measure month by month; None where no month has a number, and for a fact, which is none."""
    if measure.kind is Kind.FACT:
        return None
    points = tuple(_point(measure, month, monthly.get((measure.code, month.code))) for month in months)
    if all(point.value is None for point in points):
        return None
    parts = stretches(points, most=1 if measure.kind is Kind.SHARE else None)
    return Run(points, parts, tuple(findings(points, parts)))


def _point(measure: Measure, month: Month, figure: Any) -> Point:
    if figure is None:
        return Point(str(month), State.NOT_YET_DUE, None, STATE_WORDS[FigureState.NOT_YET_DUE])
    words = figure_words(measure, figure.state, figure.value)
    return Point(str(month), State(figure.state), None if figure.value is None else float(figure.value), words)


def months_drawn(measure: Measure, run: Run) -> Drawing:
    """The control chart with its months in a table."""
    title = f"{measure.title}, by month"
    picture = control_chart(
        id=f"months-{measure.code.lower()}",
        title=title,
        conclusion=run.conclusion,
        points=run.points,
        parts=run.parts,
        most=1 if measure.kind is Kind.SHARE else None,
        tick=tick_of(measure),
    )
    words = signal_words(run.points, run.parts, run.found)
    rows = tuple(
        NumbersRow(point.label, (point.words,), (said,)) for point, said in zip(run.points, words, strict=True)
    )
    numbers = Numbers(caption=title, first="Month", numeric=("Figure",), worded=("Against chance",), rows=rows)
    return Drawing(title, run.conclusion, picture, numbers)


@dataclass(frozen=True)
class Among:
    """The prison among all prisons that have a figure; the others without their names."""

    field: Field
    own: Judged
    prisons: int

    @property
    def centre(self) -> float:
        return self.field.values_at


def among(
    measure: Measure, prison_code: str, prison_name: str, figures: Mapping[str, Any], nation: Any
) -> Among | None:
    """Where the prison lies; None for a count, without its own figure, and with no other prison beside it."""
    own = figures.get(prison_code)
    if measure.told not in (Told.SHARE, Told.RATE) or measure.kind is Kind.RATIO:
        return None
    if own is None or not own.denominator or own.value is None:
        return None
    if not all(_is_quotient(measure, figure) for figure in figures.values()):
        return None
    units = [
        _unit(measure, prison_name if code == prison_code else UNNAMED, figure, like=code == prison_code)
        for code, figure in sorted(figures.items())
    ]
    per = measure.per if measure.kind is Kind.RATE else None
    centre = None if nation is None or nation.value is None else float(nation.value) / (per or 1)
    field = judge(units, per=per, centre=centre)
    judged = next((each for each in field.judged if each.unit.like), None) if field is not None else None
    if field is None or judged is None or len(field.judged) < 2:
        return None
    return Among(field, judged, len(figures))


def _is_quotient(measure: Measure, figure: Any) -> bool:
    """Whether the value is its parts' quotient: what is not has other limits."""
    if figure.value is None or not figure.denominator:
        return True
    quotient = float(figure.numerator) * measure.per / float(figure.denominator)
    return abs(quotient - float(figure.value)) <= SAME * max(1.0, quotient)


def _unit(measure: Measure, name: str, figure: Any, *, like: bool) -> Unit:
    words = figure_words(measure, figure.state, figure.value)
    if figure.value is None or figure.denominator is None:
        return Unit(name, State(figure.state), words, like=like)
    return Unit(name, State(figure.state), words, float(figure.numerator), float(figure.denominator), like=like)


def among_drawn(measure: Measure, place: Among, sentence: str, figure: Any) -> Drawing:
    """The funnel with this prison marked, and where its limits are at this prison's size."""
    title = f"{measure.title}, this prison among all"
    picture = funnel_chart(
        place.field,
        id=f"prisons-{measure.code.lower()}",
        title=title,
        conclusion=sentence,
        size_words=measure.denominator,
        tick=tick_of(measure),
        like=place.own.unit.name,
    )
    tick = tick_of(measure)
    close, wide = (_limits(place, level) for level in (INNER, OUTER))
    own, drawn = place.own.unit, f"{len(place.field.judged)} of {place.prisons} prisons have a figure"
    basis = basis_words(measure, figure.numerator, figure.denominator)
    rows = (
        NumbersRow(own.name, (own.words,), (basis,)),
        NumbersRow("All prisons together", (tick(place.centre),), (drawn,)),
        NumbersRow("95% limits at this size", (f"{tick(close.low)} to {tick(close.high)}",), ("",)),
        NumbersRow("99.8% limits at this size", (f"{tick(wide.low)} to {tick(wide.high)}",), ("",)),
    )
    numbers = Numbers(caption=title, first="What", numeric=("Figure",), worded=("Rests on",), rows=rows)
    return Drawing(title, sentence, picture, numbers)


def _limits(place: Among, level: float) -> Interval:
    """At the prison's own size, on the scale of the figures."""
    centre, size, per = place.field.centre, place.own.unit.denominator or 0, place.field.per
    if per is None:
        return statistics.proportion_funnel_limits(centre, size, level)
    ratio = statistics.ratio_funnel_limits(centre * size, level)
    return Interval(ratio.low * centre * per, ratio.high * centre * per)
