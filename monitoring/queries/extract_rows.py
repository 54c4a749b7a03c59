"""Rows of an extract, by SQL over whole sets, one prison at a time. Run in the national role.

A spell of help is a plan whose first buddy started within the period. Nothing here reads free text, names, numbers
of people, cells, concerns, or who recorded something. Days leave only as quarters, ages and weeks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from monitoring.outcomes import Point

_LONDON = "AT TIME ZONE 'Europe/London')::date"

# One row a spell. `left_out` is why somebody is in no extract: the first that applies.
SPELLS = f"""
WITH spell AS (
    SELECT p.id AS plan, p.prison_id, p.person_id, p.answer, p.ended_at, r.need_areas,
           (r.referred_at {_LONDON} AS referred_on, min(m.started_on) AS began_on,
           count(DISTINCT m.buddy_id) AS buddies, bool_or(m.under_best_interests) AS decided_for
    FROM referrals_plan p
    JOIN referrals_referral r ON r.id = p.referral_id
    JOIN referrals_match m ON m.plan_id = p.id AND m.started_on <= %(last)s
    WHERE p.prison_id = %(prison)s
    GROUP BY p.id, r.id
    HAVING min(m.started_on) BETWEEN %(first)s AND %(last)s
), stay AS (
    SELECT s.plan, c.end_reason, (c.ended_at {_LONDON} AS left_on
    FROM spell s
    JOIN LATERAL (
        SELECT c.end_reason, c.ended_at FROM schemes_custody c
        WHERE c.person_id = s.person_id AND c.prison_id = s.prison_id AND c.ended_at IS NOT NULL
          AND (c.ended_at {_LONDON} BETWEEN s.began_on AND %(last)s
        ORDER BY c.ended_at LIMIT 1
    ) c ON true
), finish AS (
    SELECT s.plan,
           CASE WHEN (s.ended_at {_LONDON} <= %(last)s THEN (s.ended_at {_LONDON} END AS plan_ended_on,
           t.left_on, t.end_reason
    FROM spell s LEFT JOIN stay t ON t.plan = s.plan
), newest AS (
    SELECT v.* FROM referrals_visit v
    WHERE v.prison_id = %(prison)s AND v.day BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (SELECT 1 FROM referrals_visit x WHERE x.replaces_id = v.id)
), help AS (
    SELECT s.plan,
           count(*) FILTER (WHERE q.held_at_start) AS planned,
           count(*) FILTER (WHERE q.held_at_start AND n.outcome IN ('DONE', 'PARTLY')) AS done,
           count(*) FILTER (WHERE q.held_at_start AND n.reason = 'NOT_UNLOCKED') AS locked_up,
           coalesce(sum(n.minutes), 0) AS minutes
    FROM spell s
    JOIN referrals_plannedvisit q ON q.plan_id = s.plan AND q.day BETWEEN s.began_on AND %(last)s
    LEFT JOIN newest n ON n.planned_id = q.id
    GROUP BY s.plan
)
SELECT s.plan, coalesce(person.same_as_id, person.id) AS person, place.code AS place, place.kind AS kind,
       s.began_on, date_part('year', age(s.began_on, person.born_on))::int AS age,
       person.sex, person.ethnicity, person.disability, s.need_areas, s.buddies,
       greatest(s.began_on - s.referred_on, 0) AS days_waited,
       -- Plans end when somebody leaves: within a day the leaving is why.
       CASE WHEN o.left_on <= coalesce(o.plan_ended_on + 1, o.left_on) THEN o.end_reason ELSE '' END AS went,
       least(o.plan_ended_on, o.left_on) AS ended_on,
       coalesce(h.planned, 0) AS planned, coalesce(h.done, 0) AS done, coalesce(h.locked_up, 0) AS locked_up,
       coalesce(h.minutes, 0) AS minutes,
       CASE
           WHEN person.provisional AND person.same_as_id IS NULL THEN 'UNSETTLED'
           WHEN person.born_on > s.began_on - interval '18 years' THEN 'CHILD'
           WHEN s.answer = 'CANNOT' OR s.decided_for THEN 'CANNOT_DECIDE'
           WHEN shared.no THEN 'SHARING_REFUSED'
           ELSE ''
       END AS left_out
FROM spell s
JOIN schemes_person person ON person.id = s.person_id
JOIN accounts_prison place ON place.code = s.prison_id
JOIN finish o ON o.plan = s.plan
LEFT JOIN help h ON h.plan = s.plan
LEFT JOIN LATERAL (
    SELECT NOT c.given OR c.withdrawn_at IS NOT NULL AS no FROM referrals_consent c
    JOIN referrals_plan p ON p.id = c.plan_id
    WHERE p.person_id = s.person_id AND c.scope = 'SHARING'
    ORDER BY c.taken_at DESC, c.id DESC LIMIT 1
) shared ON true
ORDER BY s.plan
"""

# The newest version of each time of asking; by plan the first start, and the last time after it.
ANSWERS = """
WITH newest AS (
    SELECT DISTINCT ON (o.plan_id, o.instrument, o.point, o.asked_on)
           o.plan_id, o.instrument, o.point, o.asked_on, o.answers, o.score, o.proxy
    FROM monitoring_outcome o
    WHERE o.prison_id = %(prison)s AND o.plan_id = ANY(%(plans)s) AND o.instrument = ANY(%(instruments)s)
      AND o.asked_on <= %(last)s
    ORDER BY o.plan_id, o.instrument, o.point, o.asked_on, o.version DESC
), start AS (
    SELECT DISTINCT ON (plan_id, instrument) * FROM newest WHERE point = %(start)s
    ORDER BY plan_id, instrument, asked_on DESC
)
SELECT s.plan_id, s.instrument, s.answers, s.score, l.answers, l.score, l.asked_on - s.asked_on,
       s.proxy <> '' OR coalesce(l.proxy, '') <> ''
FROM start s
LEFT JOIN LATERAL (
    SELECT n.* FROM newest n
    WHERE n.plan_id = s.plan_id AND n.instrument = s.instrument AND n.point <> %(start)s AND n.asked_on > s.asked_on
    ORDER BY n.asked_on DESC LIMIT 1
) l ON true
ORDER BY s.plan_id, s.instrument
"""

# Who was helped in a quarter and for how long: what the costs of it are divided by.
HELPED = """
SELECT count(DISTINCT p.person_id),
       coalesce((
           SELECT sum(v.minutes) FROM referrals_visit v
           WHERE v.prison_id = %(prison)s AND v.day BETWEEN %(first)s AND %(last)s
             AND NOT EXISTS (SELECT 1 FROM referrals_visit x WHERE x.replaces_id = v.id)), 0)
FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s
  AND (m.ended_at IS NULL OR (m.ended_at AT TIME ZONE 'Europe/London')::date >= %(first)s)
"""


@dataclass(frozen=True)
class Asked:
    """What was said at the start and later, by instrument, of one plan."""

    instrument: str
    start: Mapping[str, int]
    start_score: float | None
    later: Mapping[str, int]
    later_score: float | None
    days_between: int | None
    by_proxy: bool


def spells_of(prison_code: str, first: date, last: date) -> list[dict[str, Any]]:
    """Spells of help that began within the days, at one prison."""
    with connection.cursor() as cursor:
        cursor.execute(SPELLS, {"prison": prison_code, "first": first, "last": last})
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def answers_of(prison_code: str, plans: list[int], instruments: list[str], last: date) -> dict[int, list[Asked]]:
    """What people of these plans said, by plan."""
    found: dict[int, list[Asked]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            ANSWERS,
            {
                "prison": prison_code,
                "plans": plans,
                "instruments": instruments,
                "last": last,
                "start": Point.START.value,
            },
        )
        for plan, instrument, start, start_score, later, later_score, days, proxy in cursor.fetchall():
            found.setdefault(plan, []).append(
                Asked(instrument, _numbers(start), start_score, _numbers(later), later_score, days, proxy)
            )
    return found


def _numbers(answers: Any) -> dict[str, int]:
    """Answers by question: a raw query gives JSON as text."""
    found: dict[str, int] = json.loads(answers) if answers else {}
    return found


def helped_in(prison_code: str, first: date, last: date) -> tuple[int, int]:
    """People helped and minutes of help in some days, at one prison."""
    with connection.cursor() as cursor:
        cursor.execute(HELPED, {"prison": prison_code, "first": first, "last": last})
        people, minutes = cursor.fetchone()
    return int(people), int(minutes)
