"""What several lists share: a column, a rule about two days, and the people of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from schemes.imports import reading
from schemes.imports.registry import Field, Saving
from schemes.models import Person
from schemes.queries.people import people_of

PERSON = Field(
    name="person", label="Prison number", meaning="Somebody who is on this prison’s list.", example="Z1234ZA",
    read=reading.prison_number, needed=True, also=("Person", "NOMS number", "Number"),
)  # fmt: skip


def days_in_order(first: str, last: str) -> Callable[[Mapping[str, Any], date], list[tuple[str, str]]]:
    """A rule: the last day, where there is one, is not before the first."""

    def rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
        if row.get(last, row[first]) < row[first]:
            return [(last, "The last day is before the first. Check both dates.")]
        return []

    return rule


def people_named(saving: Saving, rows: Sequence[tuple[int, Mapping[str, Any]]], *fields: str) -> dict[str, Person]:
    """By prison number the people held here whom the rows name under these fields."""
    numbers = {row[field] for _, row in rows for field in fields}
    return {person.prison_number: person for person in people_of(saving.prison).filter(prison_number__in=numbers)}
