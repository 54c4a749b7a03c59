"""People who have left: released, moved to another prison, died. What follows is what follows when it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.dates import day_bounds
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.people import end_custody
from schemes.imports import reading
from schemes.imports.parts import PERSON
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import PEOPLE_HERE
from schemes.models import Custody
from schemes.queries.people import custodies_of
from schemes.queries.prisons import other_prisons

Why = Custody.EndReason

FIELDS = (
    PERSON,
    Field(
        name="left_on", label="Left on", meaning="Today or an earlier day, like 27/3/2026.", example="",
        example_days=0, read=reading.day(ahead=timedelta(0)), needed=True, sql="date",
        also=("Date", "Day", "Left", "Departed", "Released on"),
    ),
    Field(
        name="why", label="Why", meaning="One of: " + ", ".join(Why.labels) + ".", example="Released",
        read=reading.one_of(Why.choices, {"Release": "RELEASE", "Transfer": "TRANSFER", "Transferred": "TRANSFER"}),
        needed=True, also=("Reason", "Type", "Movement"),
    ),
    Field(
        name="moved_to", label="Moved to", meaning="The code or the name of a prison, only for somebody who moved.",
        example="", read=reading.words(60), also=("To", "Prison", "Destination"),
    ),
)  # fmt: skip

DAY = "(c.{0} AT TIME ZONE 'Europe/London')::date"
ALREADY = f"""
    SELECT r.id FROM r JOIN schemes_person p ON p.prison_number = r.person
    JOIN schemes_custody c ON c.person_id = p.id AND c.prison_id = %(prison)s
    WHERE {DAY.format("ended_at")} = r.left_on AND c.end_reason = r.why"""
NEW = f"r.id NOT IN ({ALREADY})"
CHECKS = (
    f"""SELECT r.id, 'person', 'Nobody with this prison number is held here now. Check it, or leave the row out.'
        FROM r LEFT JOIN ({PEOPLE_HERE}) h ON h.prison_number = r.person
        WHERE r.person IS NOT NULL AND h.id IS NULL AND {NEW}""",
    f"""SELECT r.id, 'left_on', 'The person came to this prison’s list on '
               || to_char({DAY.format("started_at")}, 'FMDD FMMonth YYYY') || '. Check the day.'
        FROM r JOIN ({PEOPLE_HERE}) h ON h.prison_number = r.person
        JOIN schemes_custody c ON c.person_id = h.id AND c.prison_id = %(prison)s AND c.ended_at IS NULL
        WHERE {DAY.format("started_at")} > r.left_on AND {NEW}""",
    """SELECT r.id, 'moved_to', 'There is no other prison “' || left(r.moved_to, 40) || '”. Write its code or its name.'
       FROM r WHERE r.moved_to IS NOT NULL AND lower(r.moved_to) <> ALL (%(prisons)s)""",
)


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    if row.get("moved_to") and row["why"] != Why.TRANSFER:
        return [("moved_to", "Write a prison only for somebody who has moved to another prison.")]
    return []


def _prisons(prison: Prison) -> dict[str, Prison]:
    return {name.lower(): other for other in other_prisons(prison) for name in (other.name, other.code)}


def _facts(prison: Prison, today: date) -> dict[str, Any]:
    return {"prisons": list(_prisons(prison))}


def _save(saving: Saving) -> int:
    rows = saving.rows()
    numbers = [row["person"] for _, row in rows]
    custodies = custodies_of(saving.prison).filter(person__prison_number__in=numbers)
    here = {custody.person.prison_number: custody for custody in custodies}
    prisons = _prisons(saving.prison)
    for number, row in rows:
        # The hour is not in the list: the end of the day, or now where that comes first.
        end_of_day = day_bounds(date.fromisoformat(row["left_on"]))[1] - timedelta(minutes=1)
        try:
            end_custody(
                by=saving.by,
                now=saving.now,
                custody=here[row["person"]],
                reason=row["why"],
                moved_to=prisons[row["moved_to"].lower()] if "moved_to" in row else None,
                left_at=min(saving.now, end_of_day),
            )
        except NotAllowed as error:
            raise RowRefused(number, error, "person") from None
    return len(rows)


LEFT = register(
    Kind(
        code="LEFT",
        name="People who have left",
        row="one person who has left",
        lead="Plans, matches and the buddy role of whoever left end, as when it is recorded on the person’s page.",
        fields=FIELDS,
        key=("person",),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=100,
        needs=Permission.PEOPLE_EDIT,
        rule=_rule,
        facts=_facts,
        then=("schemes:people", "People"),
    )
)
