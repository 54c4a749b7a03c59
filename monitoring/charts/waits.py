"""How long people wait: the share whose help has begun, by days since they asked. Drawn by `charts/waits.html`.

For a prison's own pages only: curve and numbers still waiting are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import ClassVar

from monitoring import statistics
from monitoring.charts.point import (
    LEFT,
    LINE_HEIGHT,
    PLOT,
    SPAN,
    KeyLine,
    Rule,
    across,
    down,
    key_of,
    path,
)
from monitoring.charts.shown import Numbers, NumbersRow, Shown

TOP, BOTTOM = 28, 232
WITHIN = 14
"""Days in which help should begin."""
SHARES = (0, 0.25, 0.5, 0.75, 1)
MOST_DAYS = 8
METHOD = (
    "Method: cumulative incidence (Aalen and Johansen), so that people who left or died before help began count as "
    "that, and people who still wait count for as long as they have waited. The typical wait is the median of Kaplan "
    "and Meier, of those who were still here."
)


@dataclass(frozen=True)
class DayMark:
    """A day under the curve, with how many people were still waiting when it began."""

    x: str
    anchor: str
    day: str
    waiting: str


@dataclass(frozen=True)
class WaitsChart:
    """All that the template needs."""

    id: str
    title: str
    description: str
    scale: tuple[Rule, ...]
    curve: str
    mark_x: str
    mark_words: str
    mark_anchor: str
    days: tuple[DayMark, ...]
    key: tuple[KeyLine, ...]
    left: str
    width: str
    units: str
    top: str
    bottom: str
    plot_height: str
    days_y: str
    waiting_y: str
    days_words_y: str
    height: str
    template: ClassVar[str] = "monitoring/charts/waits.html"


def waits_shown(*, id: str, title: str, durations: Sequence[float], events: Sequence[int], methods: str = "") -> Shown:
    """Waits in whole days with how each ended: 1 help began, 0 still waiting, 2 and above left or died before it.

    `id` must be its own on the page.
    """
    if not durations:
        empty = Numbers(caption=title, first="Day", numeric=("Still waiting", "Help had begun"), rows=())
        return Shown(title, ("Nobody waited in this time.",), None, empty)
    curve = statistics.cumulative_incidence(durations, events)
    conclusion = _conclusion(durations, events, curve)
    longest = max(*durations, WITHIN)
    days = _days(longest)
    rows = tuple(
        NumbersRow(str(day), (str(_waiting(durations, day)), f"{_share_by(curve, day):.0%}"))
        for day in sorted({*days, WITHIN})
    )
    numbers = Numbers(caption=title, first="Day", numeric=("Waiting when it began", "Help had begun"), rows=rows)
    n = f"{len(durations)} people."
    return Shown(
        title,
        tuple(conclusion),
        _chart(id, title, " ".join(conclusion), durations, curve, days),
        numbers,
        " ".join([METHOD, n, methods]).strip(),
    )


def _share_by(curve: statistics.CumulativeIncidence, day: float) -> float:
    reached = [share for time, share in zip(curve.times, curve.probability, strict=True) if time <= day]
    return reached[-1] if reached else 0.0


def _waiting(durations: Sequence[float], day: float) -> int:
    return sum(duration >= day for duration in durations)


def _days(longest: float) -> list[int]:
    """Whole weeks, so few that their numbers stand side by side on a phone."""
    weeks = -(-int(-(-longest // 1)) // 7)
    apart = 7 * -(-weeks // 4)
    return list(range(0, int(longest) + apart, apart))


def _conclusion(durations: Sequence[float], events: Sequence[int], curve: statistics.CumulativeIncidence) -> list[str]:
    known = max(durations) >= WITHIN or 0 not in events
    first = f"Help had begun within {WITHIN} days for {_share_by(curve, WITHIN):.0%} of the people who asked."
    if not known:
        first = f"Nobody has been followed for {WITHIN} days yet, so the share helped by then is not known."
    typical = statistics.kaplan_meier(durations, [event == 1 for event in events])
    if typical.median is None:
        return [first, "The typical wait is not reached: help has not begun for half of them."]
    return [first, f"The typical wait of those still here is {_days_words(typical.median)}{_interval(typical)}."]


def _days_words(days: float) -> str:
    if days < 1:
        return "less than a day"
    return "1 day" if days == 1 else f"{days:.0f} days"


def _interval(typical: statistics.KaplanMeier) -> str:
    if not isfinite(typical.low):
        return ", from too few to say how sure that is"
    if not isfinite(typical.high):
        return f" (with 95% confidence {_days_words(typical.low)} or more)"
    return f" (95% interval {typical.low:.0f} to {typical.high:.0f} days)"


def _chart(
    id: str,
    title: str,
    conclusion: str,
    durations: Sequence[float],
    curve: statistics.CumulativeIncidence,
    days: Sequence[int],
) -> WaitsChart:
    last = days[-1]
    end = min(float(last), max(durations))
    key = key_of([("curve", "Help had begun"), ("break", f"Day {WITHIN}")], BOTTOM + 4 * LINE_HEIGHT + 10)
    by_then = _share_by(curve, WITHIN)
    mark = LEFT + SPAN * WITHIN / last
    return WaitsChart(
        id=id,
        title=title,
        description=conclusion,
        scale=tuple(_rule(share) for share in SHARES),
        curve=path((PLOT * day / last, _y(share)) for day, share in _steps(curve, end)),
        mark_x=across(mark),
        mark_words=f"{by_then:.0%} by day {WITHIN}",
        mark_anchor="end" if mark > 0.6 else "start",
        days=tuple(_day(day, last, durations) for day in days),
        key=key,
        left=across(LEFT),
        width=across(SPAN),
        units=str(PLOT),
        top=down(TOP),
        bottom=down(BOTTOM),
        plot_height=down(BOTTOM - TOP),
        days_y=down(BOTTOM + LINE_HEIGHT),
        days_words_y=down(BOTTOM + 2 * LINE_HEIGHT),
        waiting_y=down(BOTTOM + 3 * LINE_HEIGHT + 2),
        height=down(BOTTOM + (4 + len(key)) * LINE_HEIGHT),
    )


def _steps(curve: statistics.CumulativeIncidence, end: float) -> list[tuple[float, float]]:
    """Flat until something happens, then straight up."""
    corners = [(0.0, 0.0), *zip(curve.times, curve.probability, strict=True), (end, _share_by(curve, end))]
    found = [corners[0]]
    for (_, before), (day, share) in pairwise(corners):
        found += [(day, before), (day, share)]
    return found


def _y(share: float) -> float:
    return (BOTTOM - TOP) * (1 - share)


def _rule(share: float) -> Rule:
    y = TOP + _y(share)
    return Rule(down(y), down(y - 5), f"{share:.0%}")


def _day(day: int, last: int, durations: Sequence[float]) -> DayMark:
    anchor = "end" if day == last else "middle"
    x = 1 if day == last else LEFT + SPAN * day / last
    return DayMark(across(x), anchor, str(day), str(_waiting(durations, day)))
