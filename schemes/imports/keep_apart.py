"""Keep-apart records. Each row makes one record, which counts both ways."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.keep_apart import keep_apart
from schemes.imports import reading
from schemes.imports.parts import people_named
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import is_here
from schemes.models import KeepApart

FIELDS = (
    Field(
        name="person", label="Prison number", meaning="The prison number of one of the two. Either order is right.",
        example="Z1234ZA", read=reading.prison_number, needed=True,
        also=("Person", "First prison number", "Prison number 1"),
    ),
    Field(
        name="other", label="Kept apart from", meaning="The prison number of the other.", example="Z2345ZB",
        read=reading.prison_number, needed=True,
        also=("Other", "Other prison number", "Second prison number", "Prison number 2"),
    ),
    Field(
        name="restriction", label="How far apart",
        meaning="; ".join(KeepApart.Restriction.labels) + ". Empty: the last.", example="Cell, landing and wing",
        read=reading.one_of(KeepApart.Restriction.choices, {"Cell and landing and wing": "WING"}),
        also=("Restriction",),
    ),
    Field(
        name="reason", label="Reason", meaning="One of: " + ", ".join(KeepApart.Reason.labels) + ".", example="Threat",
        read=reading.one_of(KeepApart.Reason.choices), needed=True, also=("Why",),
    ),
)  # fmt: skip

OPEN = (
    "SELECT a.prison_number AS person, b.prison_number AS other FROM schemes_keepapart k"
    " JOIN schemes_person a ON a.id = k.person_id JOIN schemes_person b ON b.id = k.other_id"
    " WHERE k.ended_at IS NULL"
)
CHECKS = (
    is_here("person"),
    is_here("other"),
    # The same two the other way round are the same record.
    """SELECT r.id, 'other', 'Row ' || min(x.number) || ' has these two people already. Leave one of the rows out.'
       FROM r JOIN r x ON x.person = r.other AND x.other = r.person AND x.number < r.number GROUP BY r.id""",
)
ALREADY = f"SELECT r.id FROM r JOIN ({OPEN}) o ON o.person = r.person AND o.other = r.other"


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    return [("other", "Enter two different people.")] if row["person"] == row["other"] else []


def _save(saving: Saving) -> int:
    rows = saving.rows()
    people = people_named(saving, rows, "person", "other")
    for number, row in rows:
        try:
            keep_apart(
                by=saving.by,
                now=saving.now,
                prison=saving.prison,
                person=people[row["person"]],
                other=people[row["other"]],
                reason=row["reason"],
                restriction=row.get("restriction", KeepApart.Restriction.WING),
            )
        except NotAllowed as error:
            raise RowRefused(number, error, "other") from None
    return len(rows)


KEEP_APART = register(
    Kind(
        code="KEEP_APART",
        name="Keep-apart records",
        row="two people who are kept apart",
        lead="A buddy is never matched with a person on record with them, in either direction.",
        fields=FIELDS,
        key=("person", "other"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=40,
        needs=Permission.KEEP_APART_EDIT,
        rule=_rule,
        then=("schemes:keep_apart", "Keep-apart records"),
    )
)
