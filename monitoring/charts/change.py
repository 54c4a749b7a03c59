"""Two periods of one measure beside each other: earlier, later, and the change with its interval, without a cause.

Drawn by `templates/monitoring/charts/change.html`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitoring.disclosure import SMALLEST_SHOWN
from monitoring.measures.definition import Kind, Measure, Told
from monitoring.statistics import Estimate, difference, poisson_interval, wilson_interval
from monitoring.words import basis_words, figure_words

TOO_FEW = "Too few to say whether it changed."
NO_INTERVAL = "No interval is known for a figure of this kind, so nothing is said about the change."
NOTHING = "There is no figure for both, so nothing can be said about a change."
CAUSE = "The comparison says nothing about why."


@dataclass(frozen=True)
class Side:
    """One period: its name, the figure in words, and what it rests on."""

    period: str
    figure: str
    basis: str


@dataclass(frozen=True)
class Change:
    """What the template needs."""

    title: str
    earlier: Side
    later: Side
    words: str


def change_of(measure: Measure, earlier: tuple[str, Any], later: tuple[str, Any]) -> Change:
    """Two periods compared, each with its name and its figure (stored or released) or None.

    Shares by Newcombe's interval, rates and counts of events by that of their counts. Under ten events or ten of the
    denominator, or for a kind that is neither, no interval is given and nothing is said about the size of the change.
    """
    sides = [
        Side(period, "Not yet due", "")
        if figure is None
        else Side(
            period,
            figure_words(measure, figure.state, figure.value),
            basis_words(measure, figure.numerator, figure.denominator),
        )
        for period, figure in (earlier, later)
    ]
    return Change(measure.title, sides[0], sides[1], _words(measure, earlier[1], later[1]))


def _words(measure: Measure, earlier: Any, later: Any) -> str:
    if any(figure is None or figure.value is None for figure in (earlier, later)):
        return NOTHING
    if measure.told not in (Told.COUNT, Told.SHARE, Told.RATE) or measure.kind is Kind.RATIO:
        return NO_INTERVAL
    estimates = [estimate_of(measure, figure) for figure in (earlier, later)]
    before, after = estimates
    if before is None or after is None:
        return TOO_FEW
    change = difference(before, after)
    unit, times, digits = ("percentage points", 100, 0) if measure.kind is Kind.SHARE else (measure.unit, 1, 1)
    if measure.kind is Kind.COUNT:
        digits = 0
    low, high = (f"{edge * times:+.{digits}f}".replace("-", "−") for edge in (change.low, change.high))
    interval = f"(95% interval {low} to {high})"
    if change.low <= 0 <= change.high:
        return f"No change that chance could not explain {interval}. {CAUSE}"
    way = "higher" if change.value > 0 else "lower"
    size = f"{abs(change.value) * times:,.{digits}f} {unit}"
    return f"{size} {way} {interval}: more than chance would explain. {CAUSE} {measure.direction.value.capitalize()}."


def estimate_of(measure: Measure, figure: Any) -> Estimate | None:
    """The value with its interval, from the parts it rests on; None where they are too few or say nothing."""
    if measure.told is Told.AS_IT_IS:
        return None
    numerator = figure.numerator if figure.numerator is not None else figure.value
    events, n = float(numerator), None if figure.denominator is None else float(figure.denominator)
    if measure.kind is Kind.SHARE and n is not None and n >= SMALLEST_SHOWN:
        interval = wilson_interval(events, n)
        return Estimate(events / n, interval.low, interval.high)
    if events < SMALLEST_SHOWN:
        return None
    if measure.kind is Kind.COUNT:
        counted = poisson_interval(events)
        return Estimate(events, counted.low, counted.high)
    if measure.kind is Kind.RATE and n is not None and n >= SMALLEST_SHOWN:
        counted, times = poisson_interval(events), measure.per / n
        return Estimate(events * times, counted.low * times, counted.high * times)
    return None
