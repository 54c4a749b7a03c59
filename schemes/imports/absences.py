"""Court, hospital, appointments: when somebody is elsewhere. Visits follow, as when it is typed."""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.absences import record_absence
from schemes.imports import reading
from schemes.imports.parts import PERSON, days_in_order, people_named
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import is_here
from schemes.models import Absence, Session, Source
from schemes.rules.absences import FAR, period_of

FIELDS = (
    PERSON,
    Field(
        name="kind", label="Where", meaning="One of: " + ", ".join(Absence.Kind.labels) + ".",
        example="Healthcare appointment",
        read=reading.one_of(Absence.Kind.choices, {"Healthcare": "HEALTHCARE", "Appointment": "HEALTHCARE"}),
        needed=True, also=("Absence", "Kind", "Type", "Reason", "Where to"),
    ),
    Field(
        name="starts_on", label="First day", meaning="A date like 27/3/2026.", example="", example_days=2,
        read=reading.day(back=FAR, ahead=FAR), needed=True, sql="date", also=("Date", "Day", "From", "Start"),
    ),
    Field(
        name="session", label="Session", meaning="Morning, Afternoon or Evening. Empty: the whole day.",
        example="Morning", read=reading.one_of(Session.choices, reading.SESSION_WORDS),
        also=("Part of the day", "When"),
    ),
    Field(
        name="ends_on", label="Last day", meaning="Only if it is longer than a day. Court, hospital and temporary "
        "release run on until you record that the person is back.", example="",
        read=reading.day(back=FAR, ahead=FAR), sql="date", also=("To", "End", "Until"),
    ),
)  # fmt: skip

LIVE = "a.prison_id = %(prison)s AND a.cancelled_at IS NULL AND a.person_id = p.id AND a.kind = r.kind"
CHECKS = (is_here("person"),)
# A row without a last day says nothing about the end, which may be on record by now.
ALREADY = f"""
    SELECT r.id FROM r JOIN schemes_person p ON p.prison_number = r.person JOIN schemes_absence a ON {LIVE}
    WHERE a.starts_on = r.starts_on AND a.starts_session = coalesce(r.session, '')
      AND (r.ends_on IS NULL OR a.ends_on = r.ends_on)"""


def _save(saving: Saving) -> int:
    rows = saving.rows()
    people = people_named(saving, rows, "person")
    for number, row in rows:
        first = date.fromisoformat(row["starts_on"])
        last = date.fromisoformat(row["ends_on"]) if "ends_on" in row else None
        try:
            record_absence(
                by=saving.by,
                now=saving.now,
                prison=saving.prison,
                person=people[row["person"]],
                source=Source.IMPORT,
                **period_of(row["kind"], first, row.get("session", ""), last),
            )
        except NotAllowed as error:
            raise RowRefused(number, error, "kind") from None
    return len(rows)


ABSENCES = register(
    Kind(
        code="ABSENCES",
        name="Absences and appointments",
        row="one absence of one person",
        lead="Court, hospital and temporary release hold the support until the person is back.",
        fields=FIELDS,
        key=("person", "kind", "starts_on", "session"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=60,
        needs=Permission.ABSENCES_EDIT,
        rule=days_in_order("starts_on", "ends_on"),
        then=("schemes:absences", "Absences"),
    )
)
