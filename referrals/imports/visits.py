"""Visits of the time before this service: a year of them in one file, checked and saved by a few statements.

Each row makes the planned visit that it answers and the visit itself. The rules are those of typed visits, written as
conditions over all rows (see `referrals.rules.visits`), but for the two weeks. Nobody planned these visits here, so
they never count as planned at the start of their day: completeness and kept visits are not made better by them.
There is no column of free words, so nothing can pass the boundary guard; a task is a code of the catalogue, and a
prohibited one is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection

from buddyscheme.accounts.permissions import Permission
from referrals.actions.imports import insert_visits
from referrals.imports.tasks import CODES, task_facts, task_words
from referrals.models import Visit
from referrals.rules.visits import MOST_MINUTES
from schemes.imports import reading
from schemes.imports.registry import Field, Kind, Saving, register
from schemes.models import Session
from schemes.queries.imports import rows_cte

O, Why = Visit.Outcome, Visit.Reason  # noqa: E741 - read as a namespace
OLDEST = timedelta(days=3 * 366)
DONE_WORDS = {
    "Done": O.DONE.value, "Yes": O.DONE.value, "Partly": O.PARTLY.value, "Part": O.PARTLY.value, "No": O.NOT_DONE.value,
    "Missed": O.NOT_DONE.value,
}  # fmt: skip
FIELDS = (
    Field(
        name="day", label="Date", meaning="The day of the visit, before today, like 27/3/2026.",
        example="", example_days=-30, read=reading.day(back=OLDEST, ahead=timedelta(days=-1)), needed=True, sql="date",
        also=("Day", "Date of visit", "Visit date", "Visited on"),
    ),
    Field(
        name="session", label="Session", meaning="Morning, Afternoon or Evening.", example="Morning",
        read=reading.one_of(Session.choices, reading.SESSION_WORDS), needed=True,
        also=("Part of the day", "Period", "Time of day"),
    ),
    Field(
        name="recipient", label="Prison number of the person helped",
        meaning="Somebody who has a plan here. Bring recipients first.", example="Z1234ZA", read=reading.prison_number,
        needed=True, also=("Recipient", "Recipient number", "Person helped", "Prison number"),
    ),
    Field(
        name="buddy", label="Prison number of the buddy",
        meaning="Who came, or should have come. May be empty where nobody came.", example="Z2345ZB",
        read=reading.prison_number, also=("Buddy", "Buddy number", "Helper"),
    ),
    Field(
        name="outcome", label="What happened", meaning="Done as planned, Partly done or Not done.",
        example="Done as planned", read=reading.one_of(O.choices, DONE_WORDS), needed=True,
        also=("Outcome", "Done", "Visit done", "Status"),
    ),
    Field(
        name="reason", label="Why not", meaning="Only where it was not done: " + ", ".join(Why.labels) + ".",
        example="",
        read=reading.one_of(Why.choices, {"Refused by staff": Why.STAFF_REFUSED.value, "Other": Why.OTHER.value}),
        also=("Reason", "Reason not done"),
    ),
    Field(
        name="minutes", label="Minutes", meaning="How long it took. Empty where it was not done.", example="20",
        read=reading.whole(0, MOST_MINUTES), sql="int", also=("Mins", "Length", "Duration", "Minutes spent"),
    ),
    Field(
        name="tasks", label="Tasks", meaning="Codes of the catalogue of tasks, with commas between them.",
        example="DOM-03, DOM-05", read=reading.task_codes, sql="jsonb", also=("Tasks done", "Task", "Task codes"),
    ),
)  # fmt: skip

# Of several plans the one that runs, else the newest; only of people who agreed.
PLANS = """
    SELECT DISTINCT ON (p.prison_number) p.prison_number, p.id AS person_id, pl.id AS plan_id
    FROM referrals_plan pl JOIN schemes_person p ON p.id = pl.person_id
    WHERE pl.prison_id = %(prison)s AND pl.answer = 'AGREES'
    ORDER BY p.prison_number, (pl.status IN ('WISHES', 'DRAFT', 'ACTIVE', 'PAUSED')) DESC, pl.id DESC"""
# Who is or was a buddy here, from when to when; a take-over counts from the day since when the person does the job.
BUDDIES = """
    SELECT p.prison_number, b.id AS buddy_id, b.person_id, coalesce(b.in_role_since, b.started_on) AS since, b.ended_on
    FROM schemes_buddy b JOIN schemes_person p ON p.id = b.person_id
    WHERE b.prison_id = %(prison)s AND coalesce(b.in_role_since, b.started_on) IS NOT NULL"""
STOOD = "b.since <= r.day AND (b.ended_on IS NULL OR b.ended_on >= r.day)"
CHECKS = (
    f"""SELECT r.id, 'recipient', 'Nobody with this prison number has a plan here. Check it, or bring recipients first.'
        FROM r LEFT JOIN ({PLANS}) pl ON pl.prison_number = r.recipient
        WHERE r.recipient IS NOT NULL AND pl.plan_id IS NULL""",
    f"""SELECT r.id, 'buddy', 'Nobody with this prison number is or was a buddy here. Check it, or bring buddies first.'
        FROM r LEFT JOIN (SELECT DISTINCT prison_number FROM ({BUDDIES}) x) b ON b.prison_number = r.buddy
        WHERE r.buddy IS NOT NULL AND b.prison_number IS NULL""",
    f"""SELECT r.id, 'buddy', 'This person was not a buddy here on ' || to_char(r.day, 'FMDD FMMonth YYYY')
               || ', but from ' || to_char(min(b.since), 'FMDD FMMonth YYYY') || '. Check the date and the number.'
        FROM r JOIN ({BUDDIES}) b ON b.prison_number = r.buddy
        WHERE r.day IS NOT NULL GROUP BY r.id, r.day HAVING NOT bool_or({STOOD})""",
    """SELECT r.id, 'tasks', CASE WHEN k.code IS NULL
               THEN 'There is no task “' || left(t.code, 20) || '”. Write codes of the catalogue, such as DOM-03.'
               WHEN k.kind = 'PERMITTED' THEN 'This scheme has stopped “' || k.name || '”. Take it out.'
               ELSE coalesce(nullif(k.refusal, ''), k.name || ' stays off until it is approved for this scheme.') END
       FROM r CROSS JOIN LATERAL jsonb_array_elements_text(r.tasks) t (code)
       LEFT JOIN schemes_taskkind k ON k.code = t.code
       WHERE t.code <> ALL (%(allowed)s::text[])""",
    f"""SELECT r.id, 'day', CASE WHEN pv.cancelled_at IS NULL
               THEN 'This visit was planned in this service. Record it on the page of visits.'
               ELSE 'This visit was planned in this service, and cancelled. Leave the row out.' END
        FROM r JOIN ({PLANS}) pl ON pl.prison_number = r.recipient
        JOIN referrals_plannedvisit pv ON pv.plan_id = pl.plan_id AND pv.day = r.day AND pv.session = r.session
        WHERE NOT EXISTS (SELECT 1 FROM referrals_visit v WHERE v.planned_id = pv.id)""",
)
ALREADY = f"""
    SELECT r.id FROM r JOIN ({PLANS}) pl ON pl.prison_number = r.recipient
    JOIN referrals_plannedvisit pv ON pv.plan_id = pl.plan_id AND pv.day = r.day AND pv.session = r.session
    JOIN referrals_visit v ON v.planned_id = pv.id"""


def _rule(row: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    """Outcome, reason, minutes, buddy and tasks fit together, as they do when a visit is typed."""
    if row.get("buddy") == row["recipient"]:
        return [("buddy", "A person cannot be their own buddy. Check the two numbers.")]
    if row["outcome"] == O.NOT_DONE:
        if "reason" not in row:
            return [("reason", "Write why the visit did not happen.")]
        return [("minutes", "A visit that was not done took no minutes. Empty this.")] if row.get("minutes") else []
    problems = []
    if "reason" in row:
        problems.append(("reason", "A reason goes only with a visit that was not done. Empty this, or write Not done."))
    if not row.get("minutes"):
        problems.append(("minutes", f"Write how many minutes the visit took, from 1 to {MOST_MINUTES}."))
    if not row.get("tasks"):
        problems.append(("tasks", "Write the codes of the tasks that were done."))
    if "buddy" not in row:
        problems.append(("buddy", "Write the prison number of the buddy who came."))
    return problems


# A token as any other row has: 128 bits, drawn by the server for each.
TOKEN = "left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32)"  # noqa: S105
INTO_PLANNED = f"""
    WITH {rows_cte(FIELDS, "GOOD")}, pl AS MATERIALIZED ({PLANS}), b AS MATERIALIZED ({BUDDIES})
    INSERT INTO referrals_plannedvisit
        (token, prison_id, plan_id, person_id, buddy_id, day, session, tasks, minutes, held_at_start, cancel_reason)
    SELECT {TOKEN}, %(prison)s, pl.plan_id, pl.person_id, max(b.buddy_id), r.day, r.session,
           ARRAY(SELECT jsonb_array_elements_text(coalesce(r.tasks, '[]'))), coalesce(r.minutes, 0), false, ''
    FROM r JOIN pl ON pl.prison_number = r.recipient
    LEFT JOIN b ON b.prison_number = r.buddy AND {STOOD}
    GROUP BY r.id, pl.plan_id, pl.person_id, r.day, r.session, r.tasks, r.minutes"""
INTO_VISITS = f"""
    WITH {rows_cte(FIELDS, "GOOD")}, pl AS MATERIALIZED ({PLANS})
    INSERT INTO referrals_visit
        (token, prison_id, planned_id, person_id, buddy_id, day, session, outcome, reason, tasks_done, minutes,
         extra_help, source, happened_on, entered_at, late, entered_by_id, correction_reason)
    SELECT {TOKEN}, %(prison)s, pv.id, pv.person_id, pv.buddy_id, r.day, r.session, r.outcome, coalesce(r.reason, ''),
           CASE WHEN r.outcome = 'NOT_DONE' THEN ARRAY[]::varchar[] ELSE pv.tasks END, coalesce(r.minutes, 0),
           '', 'IMPORT', r.day, %(now)s, true, %(user)s, ''
    FROM r JOIN pl ON pl.prison_number = r.recipient
    JOIN referrals_plannedvisit pv ON pv.plan_id = pl.plan_id AND pv.day = r.day AND pv.session = r.session"""
DAYS = f"WITH {rows_cte(FIELDS, 'GOOD')} SELECT DISTINCT date_trunc('month', r.day)::date FROM r"


def _save(saving: Saving) -> int:
    assert saving.by.user is not None
    params = {"file": saving.file_id, "prison": saving.prison.pk, "now": saving.now, "user": saving.by.user.pk}
    with connection.cursor() as cursor:
        cursor.execute(DAYS, params)
        months = [row[0] for row in cursor.fetchall()]
    return insert_visits(
        by=saving.by, now=saving.now, prison=saving.prison, statements=(INTO_PLANNED, INTO_VISITS), params=params,
        months=months,
    )  # fmt: skip


VISITS = register(
    Kind(
        code="PAST_VISITS",
        name="Past visits",
        row="one visit of one person",
        lead="What was done, and what was not, before this service was used. A year fits in one file.",
        fields=FIELDS,
        key=("day", "session", "recipient"),
        checks=CHECKS,
        already=ALREADY,
        save=_save,
        order=90,
        needs=Permission.VISITS_ENTER,
        rule=_rule,
        facts=task_facts,
        most=120_000,
        then=("referrals:visits", "Visits"),
        codes=task_words,
        codes_words=CODES,
    )
)
