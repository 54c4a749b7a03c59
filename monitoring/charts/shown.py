"""A chart as a page shows it: the conclusion in words, the picture, the same numbers in a table, and the method.

Drawn by `templates/monitoring/charted.html`, one for every kind of picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol


class Picture(Protocol):
    """What can be drawn: a dataclass beside its template."""

    template: ClassVar[str]


@dataclass(frozen=True)
class NumbersRow:
    """One row, in words. `bar` is the length of its bar (per cent of the cell), where the table has bars.

    `outline` is that of a second bar under it, drawn without filling.
    """

    text: str
    numbers: tuple[str, ...]
    words: tuple[str, ...] = ()
    href: str = ""
    bar: str = ""
    outline: str = ""


@dataclass(frozen=True)
class Numbers:
    """The numbers of a chart: a heading for the rows, those of the numbers, those of words.

    `bars` is the heading of a column of bars, or empty.
    """

    caption: str
    first: str
    numeric: tuple[str, ...]
    rows: tuple[NumbersRow, ...]
    worded: tuple[str, ...] = ()
    bars: str = ""


@dataclass(frozen=True)
class Shown:
    """`picture` is None where there is nothing to draw. `open` shows the table at once: where it is the picture."""

    title: str
    conclusion: tuple[str, ...]
    picture: object | None
    numbers: Numbers
    methods: str = ""
    heading: str = ""
    open: bool = False
