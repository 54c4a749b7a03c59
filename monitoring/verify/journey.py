"""Fresh counts about the people who are helped, their visits and what went wrong."""

from __future__ import annotations

from decimal import Decimal

from monitoring.verify.count import EQUALITY, EVERYTHING, NEWEST, Count, of_people

_MATCHED = """
    SELECT p.person_id FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
    WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s AND """
_PLANNED = f"""
    FROM referrals_plannedvisit p LEFT JOIN ({NEWEST}) n ON n.planned_id = p.id
    WHERE p.prison_id = %(prison)s AND p.held_at_start AND p.day BETWEEN %(first)s AND %(last)s"""
_DELIVERED = "count(*) FILTER (WHERE n.outcome IN ('DONE', 'PARTLY'))"
_UNMET = """
    FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d(day)
    JOIN referrals_unmetneed u ON u.prison_id = %(prison)s AND u.known_on <= d.day
         AND (u.met_on IS NULL OR u.met_on > d.day) AND (u.left_on IS NULL OR u.left_on > d.day)"""

COUNTS: dict[str, Count] = {
    "OP-04a": of_people(f"{_MATCHED} (m.ended_at IS NULL OR m.ended_at > %(as_of)s)", EVERYTHING),
    "OP-04b": of_people(
        f"{_MATCHED} coalesce((m.ended_at AT TIME ZONE 'Europe/London')::date, 'infinity'::date) >= %(first)s",
        EVERYTHING,
    ),
    "OP-07": Count(
        sql=f"SELECT {_DELIVERED}, count(*) {_PLANNED}",
        people=f"SELECT p.person_id, ''::text, {_DELIVERED}, count(*)::numeric {_PLANNED} GROUP BY p.person_id",
        by=EVERYTHING,
        zero=True,
        on_visits=True,
    ),
    "OP-22": Count(
        sql=f"""
        SELECT (SELECT count(*) FROM referrals_concern c WHERE c.prison_id = %(prison)s
                 AND c.kind IN ('ASKED_TO_OVERSTEP', 'DID_OVERSTEP', 'SAW_OVERSTEP')
                 AND c.happened_on BETWEEN %(first)s AND %(last)s),
               (SELECT coalesce(sum(n.minutes), 0) / 60.0 FROM ({NEWEST}) n)""",
        scale=Decimal(1000),
        on_visits=True,
    ),
    "BS-01": Count(
        sql=f"SELECT count(DISTINCT (u.person_id, d.day)), NULL {_UNMET}",
        people=f"SELECT u.person_id, ''::text, count(DISTINCT d.day), NULL::numeric {_UNMET} GROUP BY u.person_id",
        by=EQUALITY,
    ),
    **{
        f"OP-08{letter}": Count(
            sql=f"SELECT count(*), NULL FROM ({NEWEST}) n WHERE n.outcome = 'NOT_DONE' AND n.reason = '{reason}'",
            on_visits=True,
        )
        for letter, reason in zip(
            "abcde", ("NOT_UNLOCKED", "BUDDY_ABSENT", "DECLINED", "STAFF_REFUSED", "OTHER"), strict=True
        )
    },
}
