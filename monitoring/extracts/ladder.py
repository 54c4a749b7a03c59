"""Making rows safe: coarser step by step until at least ten people look alike, or not at all. Pure.

A row is one spell of help with what might be known of the person (`KNOWN`) and what must not be learnt (`SENSITIVE`).
People are counted, not rows: somebody with three spells is one. The source of the numbers is docs/adr/0037.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitoring.disclosure.anonymity import anonymity
from monitoring.extracts.columns import KNOWN, NOT_GIVEN, SENSITIVE, WIDE_AGES

SMALLEST_K = 10
SMALLEST_L = 2
MOST_LEFT_OUT = 0.1
"""The largest share of rows that may be left out to make the rest safe."""

HARDLY = 0.02
"""A secret in which no larger share of the rows differs from the commonest value is left out."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step: the column, what is done to it in words, and its new value from a row."""

    column: str
    words: str
    value: Callable[[Row], Any]


def _left_out(column: str, words: str) -> Step:
    return Step(column, f"{words} is left out", lambda row: NOT_GIVEN)


def _wide_age(row: Row) -> str:
    least = str(row["age"]).partition("-")[0]
    return next(
        (band for band in WIDE_AGES if least.isdigit() and int(least) <= int(band.partition("-")[2])), str(row["age"])
    )


# In this order. What an evaluation needs least goes first; age and the quarter of a small prison are worth more to it
# than the prison's name.
LADDER: tuple[Step, ...] = (
    Step("place", "prisons are given by their kind", lambda row: row["kind"]),
    _left_out("ethnicity", "ethnic group"),
    Step("started", "the start is given by year", lambda row: str(row["started"])[:4]),
    Step("age", "age is given in three bands", _wide_age),
    _left_out("disability", "disability"),
    _left_out("place", "the kind of prison"),
    _left_out("sex", "sex"),
    _left_out("started", "the year of the start"),
)


@dataclass(frozen=True)
class Safe:
    """Rows that may leave, with what they reached and what it took."""

    rows: tuple[Row, ...]
    k: int
    l: int  # noqa: E741 the name it has everywhere
    steps: tuple[Step, ...]
    left_out: int


class NotSafe(Exception):
    """No step makes these rows safe. The text says which columns are in the way."""


def made_safe(rows: Sequence[Row]) -> Safe:
    """The rows, as coarse as they must be. Raises `NotSafe` when too many would have to be left out even then."""
    if len({row["person"] for row in rows}) < SMALLEST_K:
        raise NotSafe(
            f"Fewer than {SMALLEST_K} people were helped in this period at these prisons. Ask for a longer period or "
            "more prisons."
        )
    first = _hardly_differing(rows)
    current = list(rows)
    for step in first:
        current = [{**row, step.column: step.value(row)} for row in current]
    if all(row.get(column) is None for row in current for column in SENSITIVE):
        raise NotSafe(
            "Everything that must not be learnt is the same for nearly everybody. Ask for a longer period or more "
            "prisons."
        )
    for taken in range(len(LADDER) + 1):
        if taken:
            step = LADDER[taken - 1]
            current = [{**row, step.column: step.value(row)} for row in current]
        failing = failing_classes(current)
        kept = [row for row in current if class_of(row) not in failing]
        if kept and len(current) - len(kept) <= MOST_LEFT_OUT * len(current):
            k, least = reached(kept)
            return Safe(tuple(kept), k, least, (*first, *LADDER[:taken]), len(current) - len(kept))
    raise NotSafe(_why(current))


def _hardly_differing(rows: Sequence[Row]) -> tuple[Step, ...]:
    """What would be learnt of nearly everybody at once, and tells hardly anybody apart: it is left out.

    Not only where it is the same for all, or one who differs would keep everything back. That it is left out tells that
    people hardly differ; it does not tell in what they are alike.
    """
    found = []
    for column in SENSITIVE:
        value, many = Counter(row.get(column) for row in rows).most_common(1)[0]
        if value is not None and len(rows) - many <= HARDLY * len(rows):
            found.append(Step(column, f"{column.replace('_', ' ')} is left out", lambda row: None))
    return tuple(found)


def class_of(row: Row) -> tuple[Hashable, ...]:
    """What might be known of the row's person."""
    return tuple(row[column] for column in KNOWN)


def failing_classes(rows: Sequence[Row]) -> set[tuple[Hashable, ...]]:
    """Groups of people who look alike that are too small, or of whom one secret is the same for all."""
    people = _people(rows)
    failing = {each.values for each in anonymity(people, KNOWN, SENSITIVE).classes if each.size < SMALLEST_K}
    for column in SENSITIVE:
        there = _said(people, column)
        if there:
            failing |= {each.values for each in anonymity(there, KNOWN, column).below(1, SMALLEST_L)}
    return failing


def reached(rows: Sequence[Row]) -> tuple[int, int]:
    """k and l of the rows, in people."""
    people = _people(rows)
    k = anonymity(people, KNOWN, SENSITIVE).k
    said = [_said(people, column) for column in SENSITIVE]
    least = [anonymity(there, KNOWN, column).l for column, there in zip(SENSITIVE, said, strict=True) if there]
    return k, min(least)


def _people(rows: Sequence[Row]) -> list[dict[str, Hashable]]:
    """One mapping for each person in each class: a secret is all that their rows in it say."""
    found: dict[tuple[Hashable, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[(*class_of(row), row["person"])].append(row)
    return [
        {**dict(zip(KNOWN, key, strict=False)), **{column: _all_said(theirs, column) for column in SENSITIVE}}
        for key, theirs in found.items()
    ]


def _all_said(rows: Sequence[Row], column: str) -> Hashable:
    said = sorted({str(row.get(column)) for row in rows if row.get(column) is not None})
    return tuple(said) or None


def _said(people: Sequence[Mapping[str, Hashable]], column: str) -> list[Mapping[str, Hashable]]:
    """People of classes in which somebody said something. Where nobody was asked, nothing can be learnt."""
    classes = {class_of(person) for person in people if person[column] is not None}
    return [person for person in people if class_of(person) in classes]


def _why(rows: Sequence[Row]) -> str:
    """The sentence of a refusal, about the coarsest rows."""
    failing = failing_classes(rows)
    people = _people(rows)
    small = anonymity(people, KNOWN, SENSITIVE).below(SMALLEST_K)
    share = sum(class_of(row) in failing for row in rows) / len(rows)
    named = sorted({column for column in KNOWN if len({row[column] for row in rows}) > 1})
    alike = sorted(
        column
        for column in SENSITIVE
        if (there := _said(people, column)) and anonymity(there, KNOWN, column).below(1, SMALLEST_L)
    )
    reasons = []
    if small:
        reasons.append(f"fewer than {SMALLEST_K} people share the same {_listed(named) or 'group'}")
    if alike:
        reasons.append(f"all who look alike have the same {_listed(alike)}")
    return (
        f"Even at its coarsest {_percent(share)} of the rows would give somebody away: {' and '.join(reasons)}. "
        "Ask for a longer period or more prisons."
    )


def _listed(names: Sequence[str]) -> str:
    *first, last = [name.replace("_", " ") for name in names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _percent(share: float) -> str:
    return f"{round(share * 100)}%"
