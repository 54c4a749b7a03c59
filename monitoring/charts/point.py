"""What a chart is drawn from, and what its two kinds share: scales and places as text for the template.

Pictures are fluid: places across are per cent of the width, places down are pixels, so that writing keeps its size
from a phone to a wide screen. Everything is text by the time a template sees it: templates do no arithmetic, and
no locale can put a comma into a coordinate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from monitoring.disclosure import State

LINE_HEIGHT = 20
"""Pixels from one line of writing (16 pixels high) to the next."""
SMALLEST = 1e-9
NEARLY = 0.999999
"""Against steps that are lost to the rounding of binary fractions."""

Tick = Callable[[float], str]


@dataclass(frozen=True)
class Point:
    """One month of a line or one bar.

    `words` is the figure as a reader sees it ("87%", "Too few to show"); `value` is there with the states VALUE and
    NONE only. `signal` is the rule that fired at this point, in words, or empty.
    """

    label: str
    state: State
    value: float | None
    words: str
    signal: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) is (self.state in (State.VALUE, State.NONE)):
            raise ValueError("A point has a value when its state says so, and only then.")
        if self.value is not None and (not math.isfinite(self.value) or self.value < 0):
            raise ValueError("A chart starts at nought; a value must be a number and not below it.")


@dataclass(frozen=True)
class Scale:
    """From nought to `top`, with the places of its marks."""

    top: float
    ticks: tuple[float, ...]


def scale_for(highest: float, most: float | None = None) -> Scale:
    """A scale of one to four steps of 1, 2, 2.5 or 5 (times a power of ten) that reaches `highest`.

    `most` is the end of what is possible, such as 1 for a share: the scale then ends there.
    """
    if most is not None:
        return Scale(most, tuple(most * step / 4 for step in range(5)))
    if highest < SMALLEST:
        return Scale(1, (0, 1))
    power = 10.0 ** math.floor(math.log10(highest / 4))
    # 2.5 only where it gives no odd halves of whole things: 0, 25, 50 and 0, 0.25, 0.5.
    times = (1, 2, 2.5, 5, 10) if power >= 10 or highest < 1 else (1, 2, 5, 10)
    step = next(one * power for one in times if one * power * 4 >= highest * NEARLY)
    if highest >= 1:
        step = max(1, step)
    count = math.ceil(highest / step * NEARLY)
    return Scale(step * count, tuple(step * number for number in range(count + 1)))


def plain_tick(value: float) -> str:
    """`1,200` or `0.5`."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def across(share: float) -> str:
    """A place across the picture: `12.5%`."""
    return f"{_short(share * 100)}%"


def down(pixels: float) -> str:
    """A place down the picture, in pixels."""
    return _short(pixels)


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
