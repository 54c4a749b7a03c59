"""What a control chart says in words: limits for each stretch of months, and every rule that fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitoring.charts.point import Point, count_words, listed
from monitoring.statistics import RUN, XmR, runs, xmr

LEAST = 12
"""Months with a number that limits need."""
SENTENCES = 2
MOST_NAMED = 3
RARELY = "more than chance would explain"


@dataclass(frozen=True)
class Rebase:
    """From this month on the limits are made anew, by hand and for a reason."""

    month: str
    reason: str


@dataclass(frozen=True)
class Baseline:
    """The limits are those of these months, first and last included, and stay locked."""

    first: str
    last: str


@dataclass(frozen=True)
class Stretch:
    """Months from `first` up to, without, `after`. Without limits where fewer than 12 of them have a number.

    `lower` and `upper` are drawn where a figure can lie; `chart` holds the limits as they were worked out.
    """

    first: int
    after: int
    places: tuple[int, ...]
    reason: str = ""
    chart: XmR | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def centre(self) -> float | None:
        return None if self.chart is None else self.chart.centre


@dataclass(frozen=True)
class Finding:
    """A rule that fired: at which months, in a sentence for all, and in words for the row of each."""

    places: tuple[int, ...]
    outside: bool
    sentence: str
    each: str


def stretches(
    points: Sequence[Point],
    *,
    most: float | None = None,
    baseline: Baseline | None = None,
    rebased: Sequence[Rebase] = (),
) -> tuple[Stretch, ...]:
    """The months cut where limits are made anew, each stretch with its limits.

    A baseline locks the limits of the stretch in which it begins. Raises `ValueError` for a month that is not there.
    """
    labels = [point.label for point in points]
    starts = [(0, ""), *sorted((_find(labels, each.month), each.reason) for each in rebased)]
    found = []
    for number, (first, reason) in enumerate(starts):
        after = starts[number + 1][0] if number + 1 < len(starts) else len(points)
        found.append(_stretch(points, first, after, reason, most, baseline, labels))
    return tuple(found)


def _find(labels: Sequence[str], month: str) -> int:
    if month not in labels:
        raise ValueError(f"{month} is not among the months of the chart.")
    return labels.index(month)


def _stretch(
    points: Sequence[Point],
    first: int,
    after: int,
    reason: str,
    most: float | None,
    baseline: Baseline | None,
    labels: Sequence[str],
) -> Stretch:
    places = tuple(
        place for place in range(first, after) if points[place].value is not None and not points[place].running
    )
    locked = None
    if baseline is not None and first <= (begins := _find(labels, baseline.first)) < after:
        ends = _find(labels, baseline.last)
        inside = [number for number, place in enumerate(places) if begins <= place <= ends]
        locked = (inside[0], inside[-1] + 1) if inside else (0, 0)
    if len(places) < LEAST or (locked is not None and locked[1] - locked[0] < LEAST):
        return Stretch(first, after, places, reason)
    chart = xmr([points[place].value or 0 for place in places], baseline=locked)
    lower = max(0.0, chart.lower)
    upper = chart.upper if most is None else min(most, chart.upper)
    return Stretch(first, after, places, reason, chart, lower, upper)


def findings(points: Sequence[Point], parts: Sequence[Stretch]) -> list[Finding]:
    """Every rule that fired, the one that reaches furthest towards now first."""
    last = max((place for part in parts for place in part.places), default=-1)
    found: list[Finding] = []
    for part in parts:
        if part.chart is not None:
            found += _outside(points, part, part.chart)
            found += _sides(points, part, part.chart, last)
            found += _trends(points, part, last)
            found += _near(points, part, part.chart)
    return sorted(found, key=lambda each: (-each.places[-1], not each.outside))


def _outside(points: Sequence[Point], part: Stretch, chart: XmR) -> list[Finding]:
    found = []
    for way, edge, is_beyond in (("higher", "above the upper", 1), ("lower", "below the lower", -1)):
        places = tuple(
            place
            for place, signals in zip(part.places, chart.signals, strict=True)
            if "outside" in signals and ((points[place].value or 0) > chart.centre) is (is_beyond > 0)
        )
        if not places:
            continue
        names = [points[place].label for place in places]
        when = (
            listed(names)
            if len(names) <= MOST_NAMED
            else f"{count_words(len(names))} months, the last of them {names[-1]},"
        )
        what = "a point" if len(names) == 1 else "points"
        sentence = f"In {when} the figure was {way} than chance would explain: {what} {edge} limit."
        found.append(Finding(places, True, sentence, f"{edge.capitalize()} limit"))
    return found


def _sides(points: Sequence[Point], part: Stretch, chart: XmR, last: int) -> list[Finding]:
    values = [points[place].value or 0 for place in part.places]
    sides = [(value > chart.centre) - (value < chart.centre) for value in values]
    found = []
    for first, final in runs(sides):
        length = final - first + 1
        if length < RUN:
            continue
        places = part.places[first : final + 1]
        side = "above" if sides[first] > 0 else "below"
        many = count_words(length)
        if places[-1] == last:
            sentence = f"The last {many} {_months(places)} are all {side} the average: {RARELY}."
        else:
            sentence = f"All {many} {_months(places)} {_span(points, places)} were {side} the average: {RARELY}."
        found.append(Finding(places, False, sentence, f"One of {many} in a row {side} the average"))
    return found


def _trends(points: Sequence[Point], part: Stretch, last: int) -> list[Finding]:
    values = [points[place].value or 0 for place in part.places]
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    found = []
    for first, final in runs(steps):
        length = final - first + 2
        if length < RUN:
            continue
        places = part.places[first : final + 2]
        many, rose, higher = count_words(length), "rose", "higher"
        if steps[first] < 0:
            rose, higher = "fell", "lower"
        when = f"over the last {many} {_months(places)}" if places[-1] == last else _span(points, places)
        sentence = f"The figure {rose} every time {when}: {RARELY}."
        found.append(Finding(places, False, sentence, f"One of {many} in a row, each {higher} than the one before"))
    return found


def _near(points: Sequence[Point], part: Stretch, chart: XmR) -> list[Finding]:
    found = []
    for edge, above in (("upper", True), ("lower", False)):
        places = tuple(
            place
            for place, signals in zip(part.places, chart.signals, strict=True)
            if "two_of_three" in signals and ((points[place].value or 0) > chart.centre) is above
        )
        if places:
            names = [points[place].label for place in places]
            who = listed(names) if len(names) <= MOST_NAMED else f"{count_words(len(names)).capitalize()} months"
            sentence = f"{who} were close to the {edge} limit, two of three in a row: {RARELY}."
            found.append(Finding(places, False, sentence, f"Two of three in a row close to the {edge} limit"))
    return found


def _months(places: Sequence[int]) -> str:
    """Months without a figure among them are left out of a run, and that is said."""
    return "months" if places[-1] - places[0] + 1 == len(places) else "months with a figure"


def _span(points: Sequence[Point], places: Sequence[int]) -> str:
    return f"from {points[places[0]].label} to {points[places[-1]].label}"


def signal_words(points: Sequence[Point], parts: Sequence[Stretch], found: Sequence[Finding]) -> list[str]:
    """For the row of each month: what fired there, or that nothing did, or why nothing can be said."""
    words: list[list[str]] = [[] for _ in points]
    for finding in found:
        for place in finding.places:
            words[place].append(finding.each)
    limited = {place for part in parts if part.chart is not None for place in part.places}
    return [
        "; ".join([each[0], *(more[0].lower() + more[1:] for more in each[1:])])
        if each
        else "Nothing more than chance"
        if place in limited
        else "Still running"
        if points[place].running
        else ""
        for place, each in enumerate(words)
    ]


def conclusion_of(points: Sequence[Point], parts: Sequence[Stretch], found: Sequence[Finding]) -> list[str]:
    """One or two plain sentences about chance: no cause, no praise, no blame."""
    newest = parts[-1]
    said = [each.sentence for each in found[:SENTENCES]]
    more = len(found) - len(said)
    if more:
        said.append(f"The table shows {count_words(more)} more.")
    if newest.chart is None:
        since = f" since {points[newest.first].label}" if newest.first else ""
        said.append(f"Too early for limits{since}: {len(newest.places)} of {LEAST} months.")
    elif not found:
        said.append("Nothing more than chance would explain.")
    return said
