"""A measure month by month: what it says in words, its control chart, the same numbers in a table, and the method."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from buddyscheme.lib.dates import Month
from monitoring.charts.control import ControlChart, Target, control_chart
from monitoring.charts.point import Point, Tick, plain_tick
from monitoring.charts.shown import Numbers, NumbersRow, Shown
from monitoring.charts.signals import (
    Baseline,
    Finding,
    Rebase,
    Stretch,
    conclusion_of,
    findings,
    signal_words,
    stretches,
)
from monitoring.disclosure import State
from monitoring.measures.definition import Direction, Kind, Measure, Needs
from monitoring.models.figure import FigureState
from monitoring.statistics import assurance
from monitoring.words import STATE_WORDS, basis_words, figure_words, percent

METHOD = (
    "Method: control chart of individual months (XmR). The average and, to both sides of it, limits of 2.66 times the "
    "mean change from month to month: about three standard deviations. The rules are those of NHS England’s Making "
    "Data Count."
)
EXPECTED = {
    "pass": "As things are, every month is expected to meet the target of {target}.",
    "fail": "As things are, no month is expected to meet the target of {target}.",
    "inconsistent": "As things are, some months meet the target of {target} and some do not, by chance.",
}


class HasFigure(Protocol):
    """A stored or a released figure."""

    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    completeness: Decimal | None


def chart_of(
    measure: Measure,
    months: Sequence[tuple[Month, Any]],
    *,
    running: Month | None = None,
    released: str = "",
    target: Target | None = None,
    baseline: Baseline | None = None,
    rebased: Sequence[Rebase] = (),
) -> Shown:
    """The control chart of a measure; months oldest first, each with its figure or None where none is stored.

    `running` is the month that has not ended: shown, but not judged. `released` says when and how the figures were
    published, in a sentence.
    """
    title = f"{measure.title}, by month"
    points = [_point(measure, month, figure, running) for month, figure in months]
    most = 1 if measure.kind is Kind.SHARE else None
    parts = stretches(points, most=most, baseline=baseline, rebased=rebased)
    found = findings(points, parts)
    conclusion = _conclusion(measure, points, parts, found, target)
    return Shown(
        title=title,
        conclusion=(conclusion,),
        picture=_picture(measure, title, conclusion, points, parts, target),
        numbers=_numbers(measure, title, months, points, signal_words(points, parts, found)),
        methods=_methods(points, parts, baseline, released) if _shown(points) else "",
    )


def against_chance(measure: Measure, months: Sequence[tuple[Month, Any]], *, running: Month | None = None) -> str:
    """What the rules of the control chart say of the last month alone: that one fired, or nothing."""
    points = [_point(measure, month, figure, running) for month, figure in months]
    parts = stretches(points, most=1 if measure.kind is Kind.SHARE else None)
    found = [each for each in findings(points, parts) if len(points) - 1 in each.places]
    return signal_words(points, parts, found)[-1] if found else ""


def fired_last(measure: Measure, months: Sequence[tuple[Month, Any]]) -> list[str]:
    """The rules that fired in the newest of these months, each as the chart says it; months oldest first."""
    points = [_point(measure, month, figure, None) for month, figure in months]
    parts = stretches(points, most=1 if measure.kind is Kind.SHARE else None)
    return [each.sentence for each in findings(points, parts) if each.places[-1] == len(points) - 1]


def tick_of(measure: Measure) -> Tick:
    """How the scale of a measure is worded."""
    return (lambda value: f"{value:.0%}") if measure.kind is Kind.SHARE else _rounded_tick


def _rounded_tick(value: float) -> str:
    return plain_tick(round(value, 1) if value < 1000 else round(value))


def _point(measure: Measure, month: Month, figure: HasFigure | None, running: Month | None) -> Point:
    label = str(month)
    if figure is None:
        return Point(label, State.NOT_YET_DUE, None, STATE_WORDS[FigureState.NOT_YET_DUE])
    value = None if figure.value is None else float(figure.value)
    words = figure_words(measure, figure.state, figure.value)
    return Point(label, State(figure.state), value, words, month == running)


def _shown(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if point.value is not None]


def _picture(
    measure: Measure,
    title: str,
    conclusion: str,
    points: Sequence[Point],
    parts: Sequence[Stretch],
    target: Target | None,
) -> ControlChart | None:
    if not _shown(points) or measure.kind is Kind.FACT:
        return None
    return control_chart(
        id=f"chart-{measure.code.lower()}",
        title=title,
        conclusion=conclusion,
        points=points,
        parts=parts,
        target=target,
        most=1 if measure.kind is Kind.SHARE else None,
        tick=tick_of(measure),
    )


def _numbers(
    measure: Measure,
    title: str,
    months: Sequence[tuple[Month, Any]],
    points: Sequence[Point],
    words: Sequence[str],
) -> Numbers:
    visits = measure.needs is Needs.VISITS
    rows = tuple(
        NumbersRow(
            text=point.label,
            numbers=(point.words, _recorded(figure)) if visits else (point.words,),
            words=(_basis(measure, figure), signal) if measure.denominator else (signal,),
        )
        for point, (_, figure), signal in zip(points, months, words, strict=True)
    )
    return Numbers(
        caption=title,
        first="Month",
        numeric=("Figure", "Recorded") if visits else ("Figure",),
        worded=("Rests on", "Against chance") if measure.denominator else ("Against chance",),
        rows=rows,
    )


def _recorded(figure: HasFigure | None) -> str:
    return "" if figure is None or figure.completeness is None else percent(figure.completeness)


def _basis(measure: Measure, figure: HasFigure | None) -> str:
    return "" if figure is None else basis_words(measure, figure.numerator, figure.denominator)


def _conclusion(
    measure: Measure,
    points: Sequence[Point],
    parts: Sequence[Stretch],
    found: Sequence[Finding],
    target: Target | None,
) -> str:
    """The newest figure, what chance explains, and what is missing; no cause, and no praise where there is no way."""
    silent = sum(point.state is State.NOT_RETURNED for point in points)
    gap = [f"No return for {silent} of the months."] if silent else []
    shown = _shown(points)
    if not shown:
        if any(point.state is State.TOO_FEW for point in points):
            return " ".join([f"Too few to show in {'the other months' if silent else 'every month'}.", *gap])
        return " ".join(["There is no month with a figure yet.", *gap])
    newest = shown[-1]
    said = [f"{newest.words} in {newest.label}{' so far' if newest.running else ''}."]
    said += conclusion_of(points, parts, found)
    if found:
        said.append(f"{measure.direction.value.capitalize()}.")
    return " ".join([*said, *_target_words(measure, parts[-1], target), *gap])


def _target_words(measure: Measure, part: Stretch, target: Target | None) -> list[str]:
    """The assurance icon's meaning; only with limits, and for a measure of which one way is better."""
    if target is None or part.chart is None or measure.direction is Direction.NONE:
        return []
    verdict = assurance(part.chart.lower, part.chart.upper, target.value, measure.direction is Direction.HIGHER)
    return [EXPECTED[verdict].format(target=target.words)]


def _methods(points: Sequence[Point], parts: Sequence[Stretch], baseline: Baseline | None, released: str) -> str:
    n, hidden = len(_shown(points)), sum(point.state is State.TOO_FEW for point in points)
    said = [METHOD]
    if baseline is not None:
        said.append(f"Limits are locked at the months from {baseline.first} to {baseline.last}.")
    said += [f"New limits from {points[part.first].label}: {part.reason}." for part in parts[1:]]
    said.append(f"{n} of the {len(points)} months from {points[0].label} to {points[-1].label} have a figure.")
    if hidden:
        said.append(f"Hidden because they rest on too few: {hidden}.")
    return " ".join([*said, released]).strip()
