"""Counts that are the parts of a whole, from stored or released figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monitoring.charts.bars import parts_shown
from monitoring.charts.point import Point
from monitoring.charts.shown import Shown
from monitoring.disclosure import State
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.wholes import Whole
from monitoring.words import figure_words


def whole_shown(
    whole: Whole, figures: Mapping[str, Any], *, title: str, missing: str, at: Callable[[str], str]
) -> Shown:
    """The parts of a whole as bars; `figures` by code (None is said as `missing`), `at` gives a part's address."""
    return parts_shown(
        id=f"parts-{whole.parts[0].lower()}",
        title=title,
        whole=whole.words,
        parts=[_point(code, figures.get(code), missing) for code in whole.parts],
        unknown=_point(whole.unknown, figures.get(whole.unknown), missing) if whole.unknown else None,
        links={_label(code): at(code) for code in (*whole.parts, whole.unknown) if code},
    )


def _label(code: str) -> str:
    """What sets a part apart: the words after the colon of its title."""
    title = BY_CODE[code].title
    label = title.partition(": ")[2] or title
    return label[0].upper() + label[1:]


def _point(code: str, figure: Any, missing: str) -> Point:
    if figure is None:
        return Point(_label(code), State.NOT_YET_DUE, None, missing)
    value = None if figure.value is None else float(figure.value)
    return Point(_label(code), State(figure.state), value, figure_words(BY_CODE[code], figure.state, figure.value))
