"""One figure month by month against what chance brings: a control chart. Drawn by `charts/control.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from monitoring.charts.point import (
    LEFT,
    LINE_HEIGHT,
    PLOT,
    SPAN,
    KeyLine,
    Point,
    Rule,
    Scale,
    Tick,
    across,
    dots,
    down,
    key_of,
    path,
    plain_tick,
    scale_for,
)
from monitoring.charts.signals import Finding, Stretch, findings, stretches
from monitoring.disclosure import State

TOP, BOTTOM = 28, 252
"""Pixels: the top and bottom of the plot."""
MOST_LABELS = 4
MOST_MONTHS = 36
WIDE_GAP = 0.4
"""From this share of the width on, the words in a gap lie flat."""


@dataclass(frozen=True)
class Target:
    """A value to reach and its words, such as 0.9 and "90%"."""

    value: float
    words: str


@dataclass(frozen=True)
class Place:
    """A mark or words at one month; `upright` words are turned to read upwards."""

    x: str
    y: str
    words: str = ""
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
class ControlChart:
    """All that the template needs. Paths are in a plot of `PLOT` units across and pixels down."""

    id: str
    title: str
    description: str
    scale: tuple[Rule, ...]
    gaps: tuple[Gap, ...]
    centre: str
    limits: str
    target: str
    breaks: tuple[str, ...]
    line: str
    dots: str
    rings: str
    running: str
    diamonds: tuple[Place, ...]
    words: tuple[Place, ...]
    months: tuple[MonthLabel, ...]
    key: tuple[KeyLine, ...]
    left: str
    width: str
    units: str
    top: str
    bottom: str
    middle: str
    plot_height: str
    months_y: str
    years_y: str
    height: str
    template: ClassVar[str] = "monitoring/charts/control.html"


def control_chart(
    *,
    id: str,
    title: str,
    conclusion: str,
    points: Sequence[Point],
    parts: Sequence[Stretch] | None = None,
    target: Target | None = None,
    most: float | None = None,
    tick: Tick = plain_tick,
) -> ControlChart:
    """The geometry of a control chart of at most 36 months, oldest first.

    `id` must be its own on the page; `most` is 1 for shares; `tick` words the scale. `parts` are the stretches of
    months with limits of their own (`stretches`), one over all of them if left out. Months without a number are gaps:
    the line stops and goes on after them. Limits that lie where no figure can (below nought, above `most`) are drawn
    at that end. Raises `ValueError` without a month or with more than 36.
    """
    if not 1 <= len(points) <= MOST_MONTHS:
        raise ValueError(f"A control chart has from 1 to {MOST_MONTHS} months.")
    parts = stretches(points, most=most) if parts is None else parts
    found = findings(points, parts)
    scale = scale_for(_highest(points, parts, target), most)
    outside = {place for each in found if each.outside for place in each.places}
    ringed = {place for each in found if not each.outside for place in each.places} - outside
    usual = [place for place, point in enumerate(points) if point.value is not None and not point.running]
    key = _key(points, parts, target, found, tick)
    return ControlChart(
        id=id,
        title=title,
        description=conclusion,
        scale=tuple(_rule(value, scale, tick(value)) for value in scale.ticks),
        gaps=_gaps(points),
        centre="".join(_level(points, part, part.centre, scale) for part in parts),
        limits="".join(_level(points, part, edge, scale) for part in parts for edge in (part.upper, part.lower)),
        target="" if target is None else down(_y(target.value, scale)),
        breaks=tuple(across(_across(part.first - 0.5, points)) for part in parts[1:]),
        line=path(None if point.value is None else _at(place, points, scale) for place, point in enumerate(points)),
        dots=dots(_at(place, points, scale) for place in usual if place not in outside),
        rings=dots(_at(place, points, scale) for place in sorted(ringed)),
        running=dots(_at(place, points, scale) for place, point in enumerate(points) if _is_running(point)),
        diamonds=tuple(_place(place, points, scale) for place in sorted(outside)),
        words=_words(points, scale),
        months=_months(points),
        key=key,
        left=across(LEFT),
        width=across(SPAN),
        units=str(PLOT),
        top=down(TOP),
        bottom=down(BOTTOM),
        middle=down((TOP + BOTTOM) / 2),
        plot_height=down(BOTTOM - TOP),
        months_y=down(BOTTOM + LINE_HEIGHT),
        years_y=down(BOTTOM + 2 * LINE_HEIGHT),
        height=down(BOTTOM + (2 + len(key)) * LINE_HEIGHT + (14 if key else 6)),
    )


def _is_running(point: Point) -> bool:
    return point.running and point.value is not None


def _key(
    points: Sequence[Point], parts: Sequence[Stretch], target: Target | None, found: Sequence[Finding], tick: Tick
) -> tuple[KeyLine, ...]:
    entries = []
    last = parts[-1]
    again = "now " if len(parts) > 1 else ""
    if last.centre is not None and last.lower is not None and last.upper is not None:
        entries.append(("line", f"Average: {again}{tick(last.centre)}"))
        entries.append(("dashed", f"Limits of chance: {again}{tick(last.lower)} to {tick(last.upper)}"))
    elif any(part.centre is not None for part in parts):
        entries.append(("line", "Average"))
        entries.append(("dashed", "Limits of chance"))
    if target is not None:
        entries.append(("target", f"Target: {target.words}"))
    if any(each.outside for each in found):
        entries.append(("diamond", "Outside the limits"))
    if any(not each.outside for each in found):
        entries.append(("ring", "One of a run or a pair that chance rarely brings"))
    entries += [("break", f"New limits from {points[part.first].label}: {part.reason}") for part in parts[1:]]
    if any(map(_is_running, points)):
        entries.append(("running", "Still running"))
    return key_of(entries, BOTTOM + 3 * LINE_HEIGHT + 8)


def _highest(points: Sequence[Point], parts: Sequence[Stretch], target: Target | None) -> float:
    values = [point.value for point in points] + [part.upper for part in parts]
    values.append(target.value if target else None)
    return max((value for value in values if value is not None), default=0)


def _across(place: float, points: Sequence[Point]) -> float:
    """Share of the width at which month number `place` (from nought) has its middle."""
    return LEFT + SPAN * (place + 0.5) / len(points)


def _y(value: float, scale: Scale) -> float:
    """Pixels down."""
    return BOTTOM - (BOTTOM - TOP) * min(max(value / scale.top, 0), 1)


def _at(place: int, points: Sequence[Point], scale: Scale) -> tuple[float, float]:
    """Units across and pixels down in the plot."""
    return PLOT * (place + 0.5) / len(points), _y(points[place].value or 0, scale) - TOP


def _level(points: Sequence[Point], part: Stretch, value: float | None, scale: Scale) -> str:
    if value is None:
        return ""
    y = _y(value, scale) - TOP
    return path([(PLOT * part.first / len(points), y), (PLOT * part.after / len(points), y)])


def _rule(value: float, scale: Scale, words: str) -> Rule:
    y = _y(value, scale)
    return Rule(down(y), down(y - 5), words)


def _place(place: int, points: Sequence[Point], scale: Scale) -> Place:
    return Place(across(_across(place, points)), down(_y(points[place].value or 0, scale)))


def _words(points: Sequence[Point], scale: Scale) -> tuple[Place, ...]:
    """The last number is written over its mark; "None" stands upright at each month that has none."""
    shown = [place for place, point in enumerate(points) if point.value is not None]
    found = []
    for place in shown:
        point, x = points[place], _across(place, points)
        y = down(_y(point.value or 0, scale) - 14)
        if point.state is State.NONE:
            found.append(Place(across(x), y, point.words, "start", upright=True))
        elif place == shown[-1]:
            found.append(Place(across(x), y, point.words, "end" if x > 0.9 else "middle"))
    return tuple(found)


def _gaps(points: Sequence[Point]) -> tuple[Gap, ...]:
    found = []
    for (state, words), group in groupby(enumerate(points), key=lambda pair: (pair[1].state, pair[1].words)):
        if state in (State.VALUE, State.NONE):
            continue
        places = [place for place, _ in group]
        first, after = _across(places[0] - 0.5, points), _across(places[-1] + 0.5, points)
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
    x = _across(place, points)
    anchor = _anchor(x)
    return MonthLabel(across(1 if anchor == "end" else x), anchor, month[:3], year)


def _anchor(x: float) -> str:
    return "end" if x > 0.9 else "middle" if x > LEFT + 0.08 else "start"
