"""How one group's share of something compares with its share of the prison: a table with two small bars a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.charts.point import Point, across, listed
from monitoring.charts.shown import Numbers, NumbersRow, Shown


@dataclass(frozen=True)
class Group:
    """A group and two shares (fractions of 1) with their words: of what is looked at, and of the whole prison."""

    name: str
    here: Point
    prison: Point


def groups_shown(*, title: str, what: str, groups: Sequence[Group], unknown: Group, methods: str = "") -> Shown:
    """Groups in the order given, unknown last, always.

    `what` names what is looked at ("people with a buddy"). The difference in the table is in percentage points and
    only where both shares are shown. Nothing is said about chance or cause: shares of one whole move together.
    """
    rows = tuple(_row(group) for group in (*groups, unknown))
    numbers = Numbers(
        caption=title,
        first="Group",
        numeric=("Their share", "Prison’s share"),
        worded=("Percentage points",),
        rows=rows,
        bars="Theirs filled, prison’s outlined",
    )
    return Shown(title, (_conclusion(groups, what, unknown),), None, numbers, methods, open=True)


def _row(group: Group) -> NumbersRow:
    return NumbersRow(
        text=group.name,
        numbers=(group.here.words, group.prison.words),
        words=(_points(group),),
        bar=across(group.here.value) if group.here.value else "",
        outline=across(group.prison.value) if group.prison.value else "",
    )


def _difference(group: Group) -> int | None:
    """In whole percentage points, of the shares as they are shown."""
    if group.here.value is None or group.prison.value is None:
        return None
    return round(100 * group.here.value) - round(100 * group.prison.value)


def _points(group: Group) -> str:
    difference = _difference(group)
    if difference is None:
        return "Too few to say"
    if difference == 0:
        return "The same"
    return f"{abs(difference)} {'more' if difference > 0 else 'fewer'}"


def _conclusion(groups: Sequence[Group], what: str, unknown: Group) -> str:
    said = []
    differences = {group.name: difference for group in groups if (difference := _difference(group))}
    if differences:
        widest = max(map(abs, differences.values()))
        names = listed([name for name, each in differences.items() if abs(each) == widest])
        said.append(f"The widest difference between {what} and the prison is {widest} percentage points: {names}.")
    else:
        said.append(f"No difference between {what} and the prison can be shown.")
    return " ".join([*said, f"Unknown: {unknown.here.words.lower()} of {what}."])
