"""Parts of a whole as sorted bars, never a pie. Drawn by `templates/monitoring/charts/bars.html`."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from monitoring.charts.point import LINE_HEIGHT, Point, across, count_words, down, listed
from monitoring.charts.shown import Numbers, NumbersRow, Shown
from monitoring.disclosure import State

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
    """One bar under its label; with no number there is no bar, only the words. What is unknown has no filling."""

    label: tuple[LabelLine, ...]
    y: str
    width: str
    words: str
    words_y: str
    drawn: bool
    hollow: bool


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


def parts_shown(
    *,
    id: str,
    title: str,
    whole: str,
    parts: Sequence[Point],
    unknown: Point | None = None,
    methods: str = "",
    links: Mapping[str, str] = MappingProxyType({}),
) -> Shown:
    """Parts of a whole with their conclusion, picture and table: the largest first, what is unknown last, always.

    `whole` names what they are parts of ("the visits that did not happen"); values are counts. Parts that are hidden
    stay in the table and the picture with their words. `unknown` is None where every case has its part. `links` are
    addresses by the part's label.
    """
    ordered = _sorted(parts)
    chart = bar_chart(
        id=id, title=title, conclusion=_conclusion(ordered, unknown, whole), points=parts, unknown=unknown
    )
    every = ordered if unknown is None else [*ordered, unknown]
    known = [each.value for each in every if each.value is not None]
    total = sum(known) if len(known) == len(every) else None
    rows = [
        NumbersRow(
            each.label,
            (each.words, "" if not total or each.value is None else f"{each.value / total:.0%}"),
            href=links.get(each.label, ""),
        )
        for each in every
    ]
    numbers = Numbers(caption=title, first="Part", numeric=("Number", "Share of all"), rows=tuple(rows))
    return Shown(title, (chart.description,), chart, numbers, methods)


def bar_chart(
    *, id: str, title: str, conclusion: str, points: Sequence[Point], unknown: Point | None = None
) -> BarChart:
    """The geometry of bars: the longest first, what has no number after them, what is unknown last.

    `id` must be its own on the page. Raises `ValueError` without a part.
    """
    if not points:
        raise ValueError("A chart needs at least one bar.")
    ordered = _sorted(points) if unknown is None else [*_sorted(points), unknown]
    full = max((point.value for point in ordered if point.value is not None), default=0) or 1
    bars, y = [], 0
    for point in ordered:
        bar, y = _bar(point, full, y, hollow=point is unknown)
        bars.append(bar)
    return BarChart(id, title, conclusion, tuple(bars), down(BAR), down(y - BETWEEN + 4))


def _sorted(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (point.value is None, -(point.value or 0), point.label))


def _bar(point: Point, full: float, top: int, *, hollow: bool) -> tuple[Bar, int]:
    """The bar, and the pixel at which the next begins."""
    lines = textwrap.wrap(point.label, LABEL_LETTERS) or [""]
    label = tuple(LabelLine(down(top + LINE_HEIGHT * (n + 1) - 4), line) for n, line in enumerate(lines))
    y = top + LINE_HEIGHT * len(lines) + 2
    share = LONGEST * (point.value or 0) / full
    bar = Bar(label, down(y), across(share), point.words, down(y + 16), bool(point.value), hollow)
    return bar, y + BAR + BETWEEN


def _conclusion(parts: Sequence[Point], unknown: Point | None, whole: str) -> str:
    """The largest part, what is hidden, and what is unknown."""
    first = parts[0]
    said = []
    if first.value:
        alike = [each.label for each in parts if each.value == first.value]
        verb = "is the largest part" if len(alike) == 1 else "are the largest parts"
        said.append(f"{listed(alike)} {verb} of {whole}: {first.words}.")
    else:
        said.append(f"No part of {whole} has a number to show.")
    hidden = [each for each in parts if each.state is State.TOO_FEW]
    if hidden:
        verb = "rests" if len(hidden) == 1 else "rest"
        said.append(f"{count_words(len(hidden)).capitalize()} of the parts {verb} on too few to show.")
    if unknown is not None:
        said.append(f"{unknown.label}: {unknown.words.lower()}.")
    return " ".join(said)
