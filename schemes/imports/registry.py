"""Kinds of list that can be brought. A kind is data: its columns, its checks as SQL, and the function that saves.

The checks of a kind are statements over the rows of one file, all rows at once. Each gives `(id, field, says)`: a row,
one of its fields, and a sentence. They read from `r`, which has `id`, `number`, `said` (the words as typed, jsonb) and
a column for each field, typed as the field's `sql` says and empty where the words could not be read. `%(prison)s` and
`%(today)s` are there, and what `facts` adds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date, datetime, timedelta
from typing import Any

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from schemes.imports.reading import LONGEST_CELL, Reader

Problem = dict[str, str]


class RowRefused(NotAllowed):
    """The action behind one row said no while everything was being saved."""

    def __init__(self, number: int, error: NotAllowed, field: str = "") -> None:
        super().__init__(str(error), field=field or error.field)
        self.number = number


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column. `also` are other headings that people give it; `meaning` and `example` stand in the guide."""

    name: str
    label: str
    meaning: str
    example: str
    read: Reader
    needed: bool = False
    also: tuple[str, ...] = ()
    sql: str = "text"
    # How it is said where it is missing.
    missing: str = ""
    # A date that has to be near today: so many days from it, in place of `example`.
    example_days: int | None = None

    def example_on(self, today: date) -> str:
        """What the guide shows as an example."""
        if self.example_days is None:
            return self.example
        day = today + timedelta(days=self.example_days)
        return f"{day.day}/{day.month}/{day.year}"


@dataclass(frozen=True, kw_only=True)
class Saving:
    """What `save` is given: one transaction, in the web role, with the rows locked."""

    by: Actor
    now: datetime
    today: date
    prison: Prison
    file_id: int
    # Good rows only, in the order of the file: number, and what was understood under each field.
    rows: Callable[[], list[tuple[int, dict[str, Any]]]]
    # Sentences for the page of the result.
    notes: list[str] = made_by(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`key` are the fields that may stand together once in a file. `already` is SQL for the ids of rows that say
    nothing new. `save` gives how many rows it saved. `rule` looks at one row as a whole, `facts` adds to the checks.
    """

    code: str
    name: str
    # Completes "one row for …", and says what happens.
    row: str
    lead: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    checks: tuple[str, ...]
    already: str
    save: Callable[[Saving], int]
    # Its place among the lists, in the order in which a prison brings them.
    order: int
    # Beside the permission to import: what whoever types the same must hold. None: the import alone.
    needs: Permission | None = None
    rule: Callable[[Mapping[str, Any], date], list[tuple[str, str]]] | None = None
    facts: Callable[[Prison, date], dict[str, Any]] | None = None
    # Codes that its cells hold, with what they stand for, where the guide has to list them.
    codes: Callable[[Prison, date], list[tuple[str, str]]] | None = None
    codes_words: str = ""
    most: int = 5000
    # Where the result can be looked at: url name and words.
    then: tuple[str, str] = ("", "")

    @property
    def labels(self) -> dict[str, str]:
        """Field → heading of the template."""
        return {field.name: field.label for field in self.fields}


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A list that is brought on a page of its own."""

    name: str
    lead: str
    url: str
    # The file to fill in.
    template: str
    order: int
    needs: Permission


_kinds: dict[str, Kind] = {}
_elsewhere: list[Elsewhere] = []


def register(kind: Kind) -> Kind:
    """Offer a kind."""
    _kinds[kind.code] = kind
    return kind


def register_elsewhere(page: Elsewhere) -> None:
    """Name a page of its own among the kinds."""
    if page not in _elsewhere:
        _elsewhere.append(page)


def kind_of(code: str) -> Kind:
    """The kind of this code. Raises `KeyError`."""
    return _kinds[code]


def kinds_for(permissions: frozenset[Permission]) -> list[Kind]:
    """What somebody with these permissions may bring, in its order; the permission to import is the view's."""
    found = [kind for kind in _kinds.values() if kind.needs is None or kind.needs in permissions]
    return sorted(found, key=lambda kind: kind.order)


def pages_for(permissions: frozenset[Permission]) -> list[Elsewhere]:
    """Pages of their own that somebody with these permissions may open."""
    return [page for page in _elsewhere if page.needs in permissions]


def in_order(permissions: frozenset[Permission]) -> list[Kind | Elsewhere]:
    """Everything that somebody with these permissions may bring, in the order in which a prison brings it."""
    return sorted([*kinds_for(permissions), *pages_for(permissions)], key=lambda one: one.order)


Memory = dict[tuple[str, str], tuple[Any, str]]


def understand(
    kind: Kind, said: Mapping[str, str], today: date, memory: Memory | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """One row: what its words mean, and what is wrong with the words themselves. No question to the database.

    `memory` keeps what words meant: in a year of visits the same few hundred come again and again.
    """
    memory = {} if memory is None else memory
    understood: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in kind.fields:
        typed = said.get(field.name, "").strip()[:LONGEST_CELL]
        if not typed:
            if field.needed:
                problems.append({"field": field.name, "says": field.missing or "This is empty. Fill it in."})
            continue
        if (field.name, typed) not in memory:
            memory[field.name, typed] = _read(field, typed, today)
        value, says = memory[field.name, typed]
        if says:
            problems.append({"field": field.name, "says": says})
        else:
            understood[field.name] = value
    if kind.rule is not None and not problems:
        problems += [{"field": name, "says": says} for name, says in kind.rule(understood, today)]
    return understood, problems


def _read(field: Field, typed: str, today: date) -> tuple[Any, str]:
    """What the words mean, or why they mean nothing."""
    try:
        return field.read(typed, today), ""
    except NotAllowed as error:
        return None, str(error)


def guess_columns(kind: Kind, headings: Sequence[str], remembered: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field, by what this prison chose before, else by the words of the headings."""
    plain = [_letters(heading) for heading in headings]
    found: dict[str, int] = {}
    for field in kind.fields:
        wanted = [remembered.get(field.name, ""), field.label, *field.also]
        for words in filter(None, map(_letters, wanted)):
            place = next((n for n, heading in enumerate(plain) if heading == words and n not in found.values()), None)
            if place is not None:
                found[field.name] = place
                break
    return found


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum())
