"""Rows about people that leave: how many look alike (k), and how much those who look alike differ (l)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class EquivalenceClass:
    """Rows that nobody can tell apart by what is known of a person from elsewhere."""

    values: tuple[Hashable, ...]
    """The shared values, in the order of the quasi-identifiers."""
    size: int
    distinct: int
    """How many different sensitive values they have; with several sensitive columns, the least."""


@dataclass(frozen=True)
class Anonymity:
    """k: rows in the smallest class. l: the least number of different sensitive values in a class.

    `classes` are all of them, the smallest first.
    """

    k: int
    l: int  # noqa: E741 the name it has everywhere
    classes: tuple[EquivalenceClass, ...]

    def below(self, k: int, l: int = 1) -> tuple[EquivalenceClass, ...]:  # noqa: E741
        """The classes with fewer than `k` rows or fewer than `l` different sensitive values."""
        return tuple(one for one in self.classes if one.size < k or one.distinct < l)


def anonymity(
    rows: Sequence[Mapping[str, Hashable]], quasi_identifiers: Sequence[str], sensitive: str | Sequence[str]
) -> Anonymity:
    """k-anonymity and l-diversity of rows.

    `rows` are mappings from column to value, one a person or an event. `quasi_identifiers` are the columns that may
    be known from elsewhere (age band, wing); with none of them all rows are one class. `sensitive` is the column, or
    the columns, that must not be learnt. Nothing (None, "") is a value like any other. Raises `ValueError` when there
    are no rows, when a row lacks a column, or when a column is said to be both.
    """
    known = [quasi_identifiers] if isinstance(quasi_identifiers, str) else list(quasi_identifiers)
    secret = [sensitive] if isinstance(sensitive, str) else list(sensitive)
    _check(rows, known, secret)
    classes: dict[tuple[Hashable, ...], list[Mapping[str, Hashable]]] = {}
    for row in rows:
        classes.setdefault(tuple(row[column] for column in known), []).append(row)
    found = [
        EquivalenceClass(values, len(alike), min(len({row[column] for row in alike}) for column in secret))
        for values, alike in classes.items()
    ]
    found.sort(key=lambda one: (one.size, one.distinct, str(one.values)))
    return Anonymity(found[0].size, min(one.distinct for one in found), tuple(found))


def _check(rows: Sequence[Mapping[str, Hashable]], known: Sequence[str], secret: Sequence[str]) -> None:
    if not rows:
        raise ValueError("There are no rows, so nobody can be told apart or hidden among others.")
    if not secret:
        raise ValueError("Name the column that must not be learnt.")
    for column in (*known, *secret):
        missing = sum(column not in row for row in rows)
        if missing:
            raise ValueError(f"{missing} of {len(rows)} rows have no column “{column}”.")
    both = sorted(set(known) & set(secret))
    if both:
        raise ValueError(f"The column “{both[0]}” cannot be known from elsewhere and be what must not be learnt.")
