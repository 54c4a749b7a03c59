"""Parts of a whole, or groups beside each other, as sorted bars. Drawn by `templates/monitoring/charts/bars.html`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from monitoring.charts.point import LINE_HEIGHT, Point, across, down

BAR = 22
"""Pixels: how thick a bar is."""
BETWEEN = 16
LONGEST = 0.68
"""Share of the width that the longest bar takes; the rest is for its words."""
LABEL_LETTERS = 34
"""As many letters as fit beside each other on a screen 320 pixels wide."""


@dataclass(frozen=True)
class LabelLine:
    y: str
    words: str


@dataclass(frozen=True)
class Bar:
    """One bar under its label; with no number there is no bar, only the words."""

    label: tuple[LabelLine, ...]
    y: str
    width: str
    words: str
    words_y: str
    drawn: bool


@dataclass(frozen=True)
class BarChart:
    """All that the template needs."""

    id: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    thickness: str
    height: str
    template: ClassVar[str] = "monitoring/charts/bars.html"


def bar_chart(
    *,
    id: str,
    title: str,
    conclusion: str,
    points: Sequence[Point],
    most: float | None = None,
    sort: bool = True,
) -> BarChart:
    """The geometry of bars: the longest first unless `sort` is off, what has no number last.

    `id` must be its own on the page; `most` is the value of a full bar (1 for shares), the highest if left out.
    Raises `ValueError` without a bar, or with a value above `most`.
    """
    if not points:
        raise ValueError("A chart needs at least one bar.")
    if sort:
        points = sorted(points, key=lambda point: (point.value is None, -(point.value or 0)))
    highest = max((point.value for point in points if point.value is not None), default=0)
    if most is not None and highest > most:
        raise ValueError("A bar is longer than the most there can be.")
    full = most or highest or 1
    bars, y = [], 0
    for point in points:
        bar, y = _bar(point, full, y)
        bars.append(bar)
    return BarChart(id, title, conclusion, tuple(bars), down(BAR), down(y - BETWEEN + 4))


def _bar(point: Point, full: float, top: int) -> tuple[Bar, int]:
    """The bar, and the pixel at which the next begins."""
    lines = textwrap.wrap(point.label, LABEL_LETTERS) or [""]
    label = tuple(LabelLine(down(top + LINE_HEIGHT * (n + 1) - 4), line) for n, line in enumerate(lines))
    y = top + LINE_HEIGHT * len(lines) + 2
    share = LONGEST * (point.value or 0) / full
    drawn = bool(point.value)
    return Bar(label, down(y), across(share), point.words, down(y + 16), drawn), y + BAR + BETWEEN
