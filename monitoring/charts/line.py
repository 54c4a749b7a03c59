"""A line over months, with control limits when there are any. Drawn by `templates/monitoring/charts/line.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import ClassVar

from monitoring.charts.point import LINE_HEIGHT, Point, Scale, Tick, across, down, plain_tick, scale_for
from monitoring.disclosure import State

TOP, BOTTOM = 28, 252
"""Pixels: the top and bottom of the plot."""
LEFT = 0.12
"""Share of the width that the scale's words have to themselves."""
MOST_LABELS = 4
WIDE_GAP = 0.4
"""From this share of the width on, the words in a gap lie flat."""


@dataclass(frozen=True)
class Limits:
    """Centre line and control limits, in the unit of the points; a limit that does not exist is None."""

    centre: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class Rule:
    """A line across the plot with its words."""

    y: str
    text_y: str
    words: str


@dataclass(frozen=True)
class KeyLine:
    """What one kind of line or mark stands for, under the plot; short enough for a phone."""

    y: str
    words: str


@dataclass(frozen=True)
class Segment:
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Mark:
    """A month with a number: a disc, or a diamond where a rule fired. `words` are written beside it if not empty."""

    x: str
    y: str
    diamond: bool
    words: str = ""
    words_y: str = ""
    anchor: str = "middle"
    upright: bool = False


@dataclass(frozen=True)
class Gap:
    """Months without a number, and the words that say why."""

    x: str
    width: str
    middle: str
    words: str
    flat: bool


@dataclass(frozen=True)
class MonthLabel:
    """A month in three letters over its year, so that four of them fit side by side on a phone."""

    x: str
    anchor: str
    month: str
    year: str


@dataclass(frozen=True)
class LineChart:
    """All that the template needs, in the order in which it is drawn."""

    id: str
    title: str
    description: str
    scale: tuple[Rule, ...]
    gaps: tuple[Gap, ...]
    limits: tuple[str, ...]
    centre: str
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    months: tuple[MonthLabel, ...]
    key: tuple[KeyLine, ...]
    left: str
    top: str
    bottom: str
    middle: str
    plot_height: str
    months_y: str
    years_y: str
    height: str
    template: ClassVar[str] = "monitoring/charts/line.html"


def line_chart(
    *,
    id: str,
    title: str,
    conclusion: str,
    points: Sequence[Point],
    limits: Limits | None = None,
    most: float | None = None,
    tick: Tick = plain_tick,
) -> LineChart:
    """The geometry of a line. `id` must be its own on the page; `most` is 1 for shares; `tick` words the scale.

    Months without a number are gaps: the line stops and goes on after them. Raises `ValueError` without a point.
    """
    if not points:
        raise ValueError("A chart needs at least one month.")
    limits = limits or Limits()
    scale = scale_for(_highest(points, limits), most)
    key = _key(points, limits, tick)
    return LineChart(
        id=id,
        title=title,
        description=conclusion,
        scale=tuple(_rule(value, scale, tick(value)) for value in scale.ticks),
        gaps=_gaps(points),
        limits=tuple(down(_y(value, scale)) for value in (limits.upper, limits.lower) if value is not None),
        centre="" if limits.centre is None else down(_y(limits.centre, scale)),
        segments=_segments(points, scale),
        marks=_marks(points, scale),
        months=_months(points),
        key=key,
        left=across(LEFT),
        top=down(TOP),
        bottom=down(BOTTOM),
        middle=down((TOP + BOTTOM) / 2),
        plot_height=down(BOTTOM - TOP),
        months_y=down(BOTTOM + LINE_HEIGHT),
        years_y=down(BOTTOM + 2 * LINE_HEIGHT),
        height=down(BOTTOM + (2 + len(key)) * LINE_HEIGHT + (14 if key else 6)),
    )


def _key(points: Sequence[Point], limits: Limits, tick: Tick) -> tuple[KeyLine, ...]:
    words = []
    if limits.centre is not None:
        words.append(f"Thin line: average {tick(limits.centre)}")
    both = [tick(limit) for limit in (limits.lower, limits.upper) if limit is not None]
    if both:
        words.append(f"Dashed: {'limits' if len(both) == 2 else 'limit'} {' and '.join(both)}")
    if any(point.signal for point in points):
        words.append("Diamond: beyond what chance explains")
    return tuple(KeyLine(down(BOTTOM + (3 + n) * LINE_HEIGHT + 8), line) for n, line in enumerate(words))


def _highest(points: Sequence[Point], limits: Limits) -> float:
    values = [*(point.value for point in points), limits.centre, limits.lower, limits.upper]
    return max((value for value in values if value is not None), default=0)


def _x(place: float, points: Sequence[Point]) -> float:
    """Share of the width at which month number `place` (from nought) has its middle."""
    return LEFT + (1 - LEFT) * (place + 0.5) / len(points)


def _y(value: float, scale: Scale) -> float:
    """Pixels down; what lies outside the scale is drawn at its end."""
    return BOTTOM - (BOTTOM - TOP) * min(max(value / scale.top, 0), 1)


def _rule(value: float, scale: Scale, words: str) -> Rule:
    y = _y(value, scale)
    return Rule(down(y), down(y - 5), words)


def _segments(points: Sequence[Point], scale: Scale) -> tuple[Segment, ...]:
    found = []
    for place, (one, other) in enumerate(pairwise(points)):
        if one.value is not None and other.value is not None:
            found.append(
                Segment(
                    across(_x(place, points)),
                    down(_y(one.value, scale)),
                    across(_x(place + 1, points)),
                    down(_y(other.value, scale)),
                )
            )
    return tuple(found)


def _marks(points: Sequence[Point], scale: Scale) -> tuple[Mark, ...]:
    shown = [place for place, point in enumerate(points) if point.value is not None]
    return tuple(_mark(place, points, scale, last=place == shown[-1]) for place in shown)


def _mark(place: int, points: Sequence[Point], scale: Scale, *, last: bool) -> Mark:
    """The last number is written above its mark; a state that is no plain number is written upright at each."""
    point = points[place]
    x, y = _x(place, points), _y(point.value or 0, scale)
    if point.state is State.NONE:
        return Mark(across(x), down(y), bool(point.signal), point.words, down(y - 12), "start", upright=True)
    words = point.words if last else ""
    anchor = "end" if x > 0.9 else "middle"
    return Mark(across(x), down(y), bool(point.signal), words, down(y - 12), anchor)


def _gaps(points: Sequence[Point]) -> tuple[Gap, ...]:
    found = []
    for (state, words), group in groupby(enumerate(points), key=lambda pair: (pair[1].state, pair[1].words)):
        if state in (State.VALUE, State.NONE):
            continue
        places = [place for place, _ in group]
        first, after = _x(places[0] - 0.5, points), _x(places[-1] + 0.5, points)
        found.append(
            Gap(across(first), across(after - first), across((first + after) / 2), words, after - first >= WIDE_GAP)
        )
    return tuple(found)


def _months(points: Sequence[Point]) -> tuple[MonthLabel, ...]:
    """At most four labels, evenly apart from the last backwards, so that they never touch on a phone."""
    apart = -(-len(points) // MOST_LABELS)
    places = range(len(points) - 1, -1, -apart)
    return tuple(_month(place, points) for place in sorted(places))


def _month(place: int, points: Sequence[Point]) -> MonthLabel:
    month, _, year = points[place].label.partition(" ")
    x = _x(place, points)
    return MonthLabel(across(x), _anchor(x), month[:3], year)


def _anchor(x: float) -> str:
    return "end" if x > 0.9 else "middle" if x > LEFT + 0.08 else "start"
