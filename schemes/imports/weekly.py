"""Work and education of every week, so that visits are not planned into it unseen."""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.permissions import Permission
from buddyscheme.lib.errors import NotAllowed
from schemes.actions.absences import record_weekly
from schemes.imports import reading
from schemes.imports.parts import PERSON, days_in_order, people_named
from schemes.imports.registry import Field, Kind, RowRefused, Saving, register
from schemes.imports.sql import is_here
from schemes.models import Session, Source, WeeklyActivity
from schemes.rules.absences import FAR

FIELDS = (
    PERSON,
    Field(
        name="kind", label="Work or education", meaning="Work or Education.", example="Work",
        read=reading.one_of(WeeklyActivity.Kind.choices, {"Job": "WORK", "Course": "EDUCATION", "Class": "EDUCATION"}),
        needed=True, also=("Kind", "Activity", "Type", "What"),
    ),
    Field(
        name="weekdays", label="Days", meaning="Days of the week, or every day.", example="Mon, Wed, Fri",
        read=reading.weekdays, needed=True, sql="jsonb", also=("Weekdays", "Days of the week", "On"),
    ),
    Field(
        name="session", label="Session", meaning="Morning, Afternoon or Evening; a row for each.", example="Morning",
        read=reading.one_of(Session.choices, reading.SESSION_WORDS), needed=True, also=("Part of the day", "When"),
    ),
    Field(
        name="starts_on", label="First day", meaning="A date like 27/3/2026.", example="", example_days=-30,
        read=reading.day(back=FAR, ahead=FAR), needed=True, sql="date", also=("From", "Start", "Since"),
    ),
    Field(
        name="ends_on", label="Last day", meaning="Empty if no end is known.", example="",
        read=reading.day(back=FAR, ahead=FAR), sql="date", also=("To", "End", "Until"),
    ),
)  # fmt: skip

ACTIVITY = """
    r JOIN schemes_person p ON p.prison_number = r.person
    JOIN schemes_weeklyactivity w ON w.prison_id = %(prison)s AND w.person_id = p.id AND w.session = r.session"""
# On record and running: the first day may differ. Or it was just this one, and somebody has ended it since.
SAME = """w.kind = r.kind AND to_jsonb(w.weekdays) = r.weekdays AND (
    (w.ended_at IS NULL AND (r.ends_on IS NULL OR w.ends_on = r.ends_on))
    OR (w.starts_on = r.starts_on AND w.ends_on IS NOT DISTINCT FROM r.ends_on))"""
CHECKS = (
    is_here("person"),
    f"""SELECT r.id, 'weekdays', 'The person works or learns in this session on one of these days already. '
               || 'End that one first.'
        FROM {ACTIVITY}
        WHERE w.ended_at IS NULL AND (w.ends_on IS NULL OR w.ends_on >= r.starts_on) AND NOT coalesce({SAME}, false)
          AND EXISTS (SELECT 1 FROM jsonb_array_elements_text(r.weekdays) d WHERE d::int = ANY (w.weekdays))""",
)
ALREADY = f"SELECT r.id FROM {ACTIVITY} WHERE {SAME}"


def _save(saving: Saving) -> int:
    rows = saving.rows()
    people = people_named(saving, rows, "person")
    for number, row in rows:
        try:
            record_weekly(
                by=saving.by,
                now=saving.now,
                prison=saving.prison,
                person=people[row["person"]],
                kind=row["kind"],
                weekdays=row["weekdays"],
                session=row["session"],
                starts_on=date.fromisoformat(row["starts_on"]),
                ends_on=date.fromisoformat(row["ends_on"]) if "ends_on" in row else None,
                source=Source.IMPORT,
            )
        except NotAllowed as error:
            raise RowRefused(number, error, "weekdays") from None
    return len(rows)


WEEKLY = register(
    Kind(
        code="WEEKLY",
        name="Weekly work and education",
        row="one session of one person’s week",
        lead="Visits that meet work or education are shown as clashes.",
        fields=FIELDS,
        key=("person", "session", "weekdays"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=50,
        needs=Permission.ABSENCES_EDIT,
        rule=days_in_order("starts_on", "ends_on"),
    )
)
