"""What a chart is drawn from, and what its kinds share: scales, places as text for the template, and the key.

Pictures are fluid: places across are per cent of the width, places down are pixels, so that writing keeps its size
from a phone to a wide screen. Curves and dots are paths, which know no per cent: they stand in a plot of `PLOT` units
that is stretched across, with strokes that are not. A dot is a very short line with a round end. Everything is text
by the time a template sees it: templates do no arithmetic, and no locale can put a comma into a coordinate.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from monitoring.disclosure import State

LINE_HEIGHT = 20
"""Pixels from one line of writing (16 pixels high) to the next."""
PLOT = 1000
"""Units across the plot of a chart whose curves are stretched."""
LEFT, SPAN = 0.14, 0.84
"""Shares of the width: what the scale's words have to themselves, and the plot; a mark fits beside the plot's end."""
KEY_LETTERS = 30
"""As many letters as fit beside a sample on a screen 320 pixels wide."""
SMALLEST = 1e-9
NEARLY = 0.999999
"""Against steps that are lost to the rounding of binary fractions."""

Tick = Callable[[float], str]


@dataclass(frozen=True)
class Point:
    """One month of a line or one bar.

    `words` is the figure as a reader sees it ("87%", "Too few to show"); `value` is there with the states VALUE and
    NONE only. `running` is a month that has not ended: its number says nothing about chance yet.
    """

    label: str
    state: State
    value: float | None
    words: str
    running: bool = False

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


@dataclass(frozen=True)
class Rule:
    """A line across the plot with its words."""

    y: str
    text_y: str
    words: str


@dataclass(frozen=True)
class KeyLine:
    """One line of the key. `sample` names what is drawn before its words; empty for a second line of words."""

    y: str
    sample_y: str
    sample: str
    words: str


def key_of(entries: Iterable[tuple[str, str]], top: float) -> tuple[KeyLine, ...]:
    """The key from (sample, words), its first line of writing at `top`; long words take more lines."""
    found: list[KeyLine] = []
    for sample, words in entries:
        for number, line in enumerate(textwrap.wrap(words, KEY_LETTERS)):
            y = top + LINE_HEIGHT * len(found)
            found.append(KeyLine(down(y), down(y - 5), "" if number else sample, line))
    return tuple(found)


def path(places: Iterable[tuple[float, float] | None]) -> str:
    """A line through the places (units across, pixels down); it stops at None and goes on after it."""
    parts, begun = [], False
    for place in places:
        if place is None:
            begun = False
            continue
        parts.append(f"{'L' if begun else 'M'}{_short(place[0])} {_short(place[1])}")
        begun = True
    return "".join(parts)


def dots(places: Iterable[tuple[float, float]]) -> str:
    """A path that a round or square end of its stroke turns into one mark at each place.

    Not of no length at all: on paper a square end would then be lost.
    """
    return "".join([f"M{_short(x)} {_short(y)}h.01" for x, y in places])


NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count_words(number: int) -> str:
    """`seven`, `12`."""
    return NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"


def listed(names: Sequence[str]) -> str:
    """`A, B and C`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
