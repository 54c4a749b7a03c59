"""Fresh counts of how people are."""

from __future__ import annotations

from monitoring.verify.count import Count

# The newest version of each: one for each point, and for "later" and for scores one for each day.
_NEWEST = """
    SELECT DISTINCT ON (o.plan_id, o.buddy_id, o.instrument, o.licensed, o.point,
                        CASE WHEN o.point = 'LATER' OR o.instrument = 'SCORE' THEN o.asked_on END) o.*
    FROM monitoring_outcome o
    WHERE o.prison_id = %(prison)s AND o.asked_on <= %(last)s AND {which}
    ORDER BY o.plan_id, o.buddy_id, o.instrument, o.licensed, o.point,
             CASE WHEN o.point = 'LATER' OR o.instrument = 'SCORE' THEN o.asked_on END, o.version DESC, o.id DESC"""


def _change(value: str, which: str) -> Count:
    """The mean of newest less start, of people whose newest answer after the start lies in the period."""
    newest = _NEWEST.format(which=which)
    subject = "(n.plan_id, n.buddy_id, n.licensed) IS NOT DISTINCT FROM (s.plan_id, s.buddy_id, s.licensed)"
    return Count(
        sql=f"""
        WITH said AS (SELECT x.*, {value} AS v FROM ({newest}) x)
        SELECT sum(l.v - s.v), count(l.id) FROM said s
        JOIN LATERAL (SELECT n.* FROM said n WHERE {subject} AND n.point <> 'START' AND n.asked_on > s.asked_on
                      ORDER BY n.asked_on DESC, n.id DESC LIMIT 1) l ON l.asked_on >= %(first)s
        WHERE s.point = 'START'""",
        zero=True,
        quarterly=True,
    )


def _answer(question: str, instrument: str) -> Count:
    which = f"o.instrument = '{instrument}' AND o.answers ? '{question}'"
    return _change(f"(x.answers ->> '{question}')::int", which)


def _score(*licensed: str) -> Count:
    names = ", ".join(f"'{name}'" for name in licensed)
    return _change("x.score", f"o.instrument = 'SCORE' AND o.licensed IN ({names})")


def _good(question: str, instrument: str) -> Count:
    which = f"o.instrument = '{instrument}' AND o.answers ? '{question}' AND o.asked_on >= %(first)s"
    newest = _NEWEST.format(which=which)
    rows = f"""
        SELECT DISTINCT ON (y.plan_id, y.buddy_id) y.* FROM ({newest}) y
        ORDER BY y.plan_id, y.buddy_id, y.asked_on DESC, y.id DESC"""
    if instrument == "STAFF":
        here = "o.prison_id = %(prison)s AND o.asked_on <= %(last)s"
        rows = f"SELECT o.* FROM monitoring_outcome o WHERE {here} AND {which}"
    return Count(
        sql=f"""
        SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE (x.answers ->> '{question}')::int >= 4) END, count(*)
        FROM ({rows}) x""",
        zero=True,
        quarterly=True,
    )


COUNTS: dict[str, Count] = {
    "OU-01a": _answer("DAYS", "HELPED"),
    "OU-01b": Count(
        sql="""
        SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE g.state IN ('REACHED', 'PARTLY')) END, count(*)
        FROM referrals_plangoal g
        WHERE g.prison_id = %(prison)s AND g.removed_at IS NULL AND g.state <> 'DROPPED'
          AND (g.state_at AT TIME ZONE 'Europe/London')::date BETWEEN %(first)s AND %(last)s""",
        zero=True,
        quarterly=True,
    ),
    "OU-02": _score("ASCOT", "EQ5D"),
    "OU-03a": _answer("WELL", "BUDDY"),
    "OU-03b": _score("SWEMWBS"),
    "OU-04a": _answer("LONELY", "HELPED"),
    "OU-04b": _change("x.score", "o.instrument = 'LONELY' AND o.score IS NOT NULL"),
    "OU-06": _good("NEEDS", "HELPED"),
    "OU-07a": _answer("SURE", "BUDDY"),
    "OU-07b": _score("ROSENBERG"),
    "OU-10a": _good("GOOD", "HELP"),
    "OU-10b": _good("BACKED", "BUDDY"),
    "OU-10c": _good("WORKS", "STAFF"),
}
