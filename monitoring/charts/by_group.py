"""A measure by groups of people: a table with a bar in each row, and how a count compares with the whole prison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from monitoring.charts.groups import Group, groups_shown
from monitoring.charts.point import Point, across
from monitoring.charts.shown import Numbers, NumbersRow, Shown
from monitoring.disclosure import State
from monitoring.measures.definition import By, Measure
from monitoring.measures.groups import BY_WORDS, GROUP_WORDS, UNKNOWN
from monitoring.words import STATE_WORDS, basis_words, figure_words, percent

NOBODY = STATE_WORDS["NONE"]
NOT_COUNTED = "Not counted"
NO_SHARES = "The prison’s people are not counted by this group for the last month of the period."


def by_group_shown(
    measure: Measure, by: By, figures: Mapping[str, Any], *, wings: Mapping[str, str] = {}, missing: str = NOBODY
) -> Shown:
    """The figure of each group, in their order, "Not known" last, always.

    `figures` are by the group's code; of a group without a figure `missing` is said: inside a prison it has nobody in
    it. `wings` are names by code.
    """
    values = [figure.value or Decimal(0) for figure in figures.values()]
    highest = max([abs(value) for value in values], default=Decimal(0))
    rows = tuple(
        NumbersRow(
            text=words,
            numbers=(_words(measure, figures.get(group), missing),),
            words=(_basis(measure, figures.get(group)),) if measure.denominator else (),
            bar=_bar(figures.get(group), highest),
        )
        for group, words in _groups(by, figures, wings)
    )
    title = f"{measure.title}, by {BY_WORDS[by].lower()}"
    numbers = Numbers(
        caption=title,
        first=BY_WORDS[by],
        numeric=("Figure",),
        rows=rows,
        worded=("Rests on",) if measure.denominator else (),
        bars=measure.unit.capitalize(),
    )
    return Shown(title, (), None, numbers, open=True)


def _bar(figure: Any, highest: Decimal) -> str:
    if figure is None or not figure.value or figure.value < 0:
        return ""
    return across(float(figure.value / highest))


def _groups(by: By, figures: Mapping[str, Any], wings: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Codes and words: every group there is for a question with fixed answers; the wings that have people."""
    if by is By.WING:
        named = [(code, wings.get(code, code)) for code in figures if code != UNKNOWN]
        return [*sorted(named, key=lambda each: each[1]), (UNKNOWN, "Not known")]
    return [*GROUP_WORDS[by].items(), (UNKNOWN, "Not known")]


def _words(measure: Measure, figure: Any, missing: str) -> str:
    return missing if figure is None else figure_words(measure, figure.state, figure.value)


def _basis(measure: Measure, figure: Any) -> str:
    return "" if figure is None else basis_words(measure, figure.numerator, figure.denominator)


def compared_with_prison(measure: Measure, by: By, figures: Mapping[str, Any], people: Mapping[str, int]) -> Shown:
    """Each group's share of a count of people beside its share of all people in the prison, inside the prison.

    `people` are the prison's by the group's code: nobody in a group that is not there, and without any group the
    shares of the prison are said to be not counted.
    """
    whole = sum((figure.value or Decimal(0) for figure in figures.values()), Decimal(0))
    everybody = sum(people.values())
    groups = [
        Group(
            words,
            _share(None if figures.get(code) is None else figures[code].value or Decimal(0), whole),
            _share(Decimal(people.get(code, 0)), Decimal(everybody)) if everybody else _uncounted(),
        )
        for code, words in _groups(by, figures, {})
    ]
    return groups_shown(
        title=f"{measure.title}, by {BY_WORDS[by].lower()}, beside the whole prison",
        what=f"the {measure.unit}",
        groups=groups[:-1],
        unknown=groups[-1],
        methods="" if everybody else NO_SHARES,
    )


def _share(count: Decimal | None, whole: Decimal) -> Point:
    if not count or not whole:
        return Point("", State.NONE, 0.0, NOBODY)
    return Point("", State.VALUE, float(count / whole), percent(count / whole))


def _uncounted() -> Point:
    return Point("", State.NOT_RETURNED, None, NOT_COUNTED)
