"""Fresh counts about the people who are helped, their visits and what went wrong."""

from __future__ import annotations

from decimal import Decimal

from monitoring.verify.count import EQUALITY, EVERYTHING, NEWEST, Count, of_people
from monitoring.verify.median import median

_LONDON = "AT TIME ZONE 'Europe/London')::date"
_SEEN_ON = f"((%(seen_until)s::timestamptz - interval '1 microsecond') {_LONDON}"
_WITHIN = "BETWEEN %(first)s AND %(last)s"

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


# --- hours ---------------------------------------------------------------------------------------

_SHARES = f"""
    SELECT coalesce(t."group", '') AS task_group,
           n.minutes * CASE WHEN t.code IS NULL THEN 1
                            ELSE coalesce(t.minutes::numeric / nullif(sum(t.minutes) OVER v, 0), 1.0 / count(*) OVER v)
                       END / 60.0 AS hours
    FROM ({NEWEST}) n
    LEFT JOIN LATERAL unnest(n.tasks_done) AS d(code) ON true LEFT JOIN schemes_taskkind t ON t.code = d.code
    WHERE n.minutes > 0 WINDOW v AS (PARTITION BY n.id)"""
_GROUPS = (
    "Around the cell",
    "Getting about",
    "Reading, writing, talking",
    "Company",
    "Looking out",
    "At the end of life",
    "Infection",
    "Needs approval",
    "",
)

# --- referrals and waits -------------------------------------------------------------------------

_REFERRED = f"""
    SELECT r.*, (r.referred_at {_LONDON} AS day FROM referrals_referral r
    WHERE r.prison_id = %(prison)s AND (r.referred_at {_LONDON} {_WITHIN}"""
_HELP = """
    SELECT p.person_id, m.started_on, (m.ended_at AT TIME ZONE 'Europe/London')::date AS ended_on, m.ended_at
    FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
    WHERE m.prison_id = %(prison)s AND m.started_on IS NOT NULL"""
_ENDS = f"""
    SELECT r.person_id, r.day,
           (SELECT min(h.started_on) FROM ({_HELP}) h
             WHERE h.person_id = r.person_id AND h.started_on >= r.day) AS helped_on,
           least(
               CASE WHEN r.outcome IN ('NONE', 'LEFT', 'COUNCIL', 'HEALTHCARE') THEN (r.screened_at {_LONDON} END,
               (SELECT min((c.ended_at {_LONDON}) FROM schemes_custody c
                 WHERE c.prison_id = %(prison)s AND c.person_id = r.person_id AND c.ended_at >= r.referred_at),
               (SELECT min(CASE WHEN p.status = 'REFUSED' THEN (p.asked_at {_LONDON} ELSE (p.ended_at {_LONDON} END)
                  FROM referrals_plan p
                 WHERE p.prison_id = %(prison)s AND p.person_id = r.person_id AND p.asked_at >= r.referred_at)
           ) AS other_on
    FROM ({_REFERRED}) r
    WHERE r.repeats_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM ({_HELP}) h WHERE h.person_id = r.person_id AND h.started_on < r.day
           AND (h.ended_on IS NULL OR h.ended_on >= r.day))"""
_WAITED = f"""
    SELECT e.person_id, e.day,
           CASE WHEN e.helped_on <= {_SEEN_ON} AND e.helped_on <= coalesce(e.other_on, 'infinity') THEN 1
                WHEN e.other_on <= {_SEEN_ON} THEN 2 ELSE 0 END AS event,
           least(e.helped_on, e.other_on, {_SEEN_ON}) - e.day AS days
    FROM ({_ENDS}) e"""
_IN_TIME = "count(*) FILTER (WHERE w.event = 1 AND w.days <= 14)"
# Aalen and Johansen at 14 days: at each time what happens to those who still wait.
_SUPPORTED = f"""
    WITH RECURSIVE w AS ({_WAITED}),
    times AS (
        SELECT t.days, t.helped, t.ended, sum(t.gone) OVER (ORDER BY t.days DESC) AS there,
               row_number() OVER (ORDER BY t.days) AS place
        FROM (SELECT days, count(*) FILTER (WHERE event = 1) AS helped, count(*) FILTER (WHERE event > 0) AS ended,
                     count(*) AS gone FROM w GROUP BY days) t
    ),
    curve (place, days, still, share) AS (
        SELECT 0::bigint, -1, 1::numeric, 0::numeric
        UNION ALL
        SELECT t.place, t.days, c.still * (t.there - t.ended) / t.there, c.share + c.still * t.helped / t.there
        FROM curve c JOIN times t ON t.place = c.place + 1
    )
    SELECT CASE WHEN count(*) > 0 THEN {_IN_TIME} END, count(*),
           (SELECT c.share FROM curve c WHERE c.days <= 14 ORDER BY c.place DESC LIMIT 1)
    FROM w"""

# --- assessments ---------------------------------------------------------------------------------

_ASKED = "FROM referrals_assessmentrequest a WHERE a.prison_id = %(prison)s"


def _assessments(body: str, letters: str) -> dict[str, Count]:
    asked, decided, waiting, wait = tuple(letters)
    of_body = f"{_ASKED} AND a.body = '{body}'"
    waits = f"""
        SELECT least(a.decided_on, a.closed_on, {_SEEN_ON}) - a.asked_on,
               coalesce(a.decided_on <= least(a.closed_on, {_SEEN_ON}), false)
        {of_body} AND a.asked_on {_WITHIN}"""
    return {
        f"OP-11{asked}": Count(sql=f"SELECT count(*), NULL {of_body} AND a.asked_on {_WITHIN}"),
        f"OP-11{decided}": Count(sql=f"SELECT count(*), NULL {of_body} AND a.decided_on {_WITHIN}"),
        f"OP-11{waiting}": Count(
            sql=f"""
            SELECT count(*), NULL {of_body} AND a.asked_on <= %(last)s
              AND coalesce(a.decided_on, 'infinity') > %(last)s AND coalesce(a.closed_on, 'infinity') > %(last)s"""
        ),
        f"OP-11{wait}": Count(sql=median(waits), zero=True),
    }


# --- waiting for a buddy -------------------------------------------------------------------------

_WAITING = f"""
    SELECT p.person_id, greatest((p.activated_at {_LONDON},
           (SELECT max(h.ended_on) FROM ({_HELP}) h
             WHERE h.person_id = p.person_id AND h.ended_on <= %(last)s)) AS since
    FROM referrals_plan p
    WHERE p.prison_id = %(prison)s AND p.activated_at <= %(as_of)s
      AND (p.ended_at IS NULL OR p.ended_at > %(as_of)s)
      AND NOT EXISTS (SELECT 1 FROM ({_HELP}) h WHERE h.person_id = p.person_id AND h.started_on <= %(last)s
                       AND (h.ended_at IS NULL OR h.ended_at > %(as_of)s))
      AND NOT (
        EXISTS (SELECT 1 FROM referrals_consent c JOIN referrals_plan q ON q.id = c.plan_id
                 WHERE q.person_id = p.person_id AND c.prison_id = %(prison)s AND c.scope = 'SUPPORT' AND c.given
                   AND c.taken_at <= %(as_of)s AND c.withdrawn_at <= %(as_of)s)
        AND NOT EXISTS (SELECT 1 FROM referrals_consent c JOIN referrals_plan q ON q.id = c.plan_id
                 WHERE q.person_id = p.person_id AND c.prison_id = %(prison)s AND c.scope = 'SUPPORT' AND c.given
                   AND c.taken_at <= %(as_of)s AND (c.withdrawn_at IS NULL OR c.withdrawn_at > %(as_of)s)))"""


def _middle(values: str) -> str:
    """The plain median of rows (value), with how many there are; nothing where there are none."""
    return f"""
    SELECT nullif(count(*), 0), NULL, (percentile_cont(0.5) WITHIN GROUP (ORDER BY x.value))::numeric
    FROM ({values}) x"""


# --- concerns and falls --------------------------------------------------------------------------

_WORRIES = {
    "b": "EXPLOIT_RECIPIENT",
    "c": "EXPLOIT_BUDDY",
    "d": "BULLYING",
    "e": "GIFT_OR_DEBT,EXPLOITATION",
    "f": "ASSAULT",
    "g": "SELF_HARM",
    "h": "STAFF_OBSTRUCTION",
    "i": "WORRY,OTHER",
}
_CONCERNS = f"FROM referrals_concern c WHERE c.prison_id = %(prison)s AND c.happened_on {_WITHIN}"
_SAFEGUARDING = (
    f"{_CONCERNS} AND c.kind NOT IN ('FALL', 'ASKED_TO_OVERSTEP', 'DID_OVERSTEP', 'SAW_OVERSTEP', 'TALK_TO_STAFF')"
)
_FALLS = f"FROM referrals_fall f WHERE f.prison_id = %(prison)s AND (f.found_at {_LONDON} {_WITHIN}"
_HELP_DAYS = f"""
    SELECT count(DISTINCT (h.person_id, d.day)) FROM ({_HELP}) h
    JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d(day)
      ON h.started_on <= d.day::date AND (h.ended_on IS NULL OR h.ended_on >= d.day::date)"""


def _helped_on(person: str, day: str) -> str:
    return f"""EXISTS (SELECT 1 FROM ({_HELP}) h WHERE h.person_id = {person} AND h.started_on <= {day}
                        AND (h.ended_on IS NULL OR h.ended_on >= {day}))"""


_FELL_HELPED = _helped_on("f.person_id", f"(f.found_at {_LONDON}")
_HARMED_HELPED = _helped_on("c.about_person_id", "c.happened_on")

# --- moves, releases and reviews -----------------------------------------------------------------

_STAYS = f"""
    SELECT c.person_id, c.started_at, c.ended_at, (c.ended_at {_LONDON} AS day, c.end_reason,
           EXISTS (SELECT 1 FROM referrals_plan p WHERE p.prison_id = %(prison)s AND p.person_id = c.person_id
                     AND p.activated_at <= c.ended_at AND (p.ended_at IS NULL OR p.ended_at >= c.ended_at)) AS planned,
           EXISTS (SELECT 1 FROM referrals_unmetneed u WHERE u.prison_id = %(prison)s AND u.person_id = c.person_id
                     AND u.known_on <= (c.ended_at {_LONDON} AND (u.met_on IS NULL OR u.met_on > (c.ended_at {_LONDON})
                     AND (u.left_on IS NULL OR u.left_on >= (c.ended_at {_LONDON})) AS unmet
    FROM schemes_custody c WHERE c.prison_id = %(prison)s AND (c.ended_at {_LONDON} {_WITHIN}"""
_REVIEWS = f"""
    SELECT p.person_id, ''::text AS wing, ((v.reviewed_at {_LONDON} <= v.due_on)::int AS held, 1::numeric AS due
    FROM referrals_planreview v JOIN referrals_plan p ON p.id = v.plan_id
    WHERE v.prison_id = %(prison)s AND v.due_on {_WITHIN}
    UNION ALL
    SELECT p.person_id, '', 0, 1 FROM referrals_plan p
    WHERE p.prison_id = %(prison)s AND p.activated_at IS NOT NULL AND p.review_on {_WITHIN}
      AND p.review_on < (%(as_of)s::timestamptz {_LONDON}
      AND (p.interim_from IS NULL OR p.made_full_at IS NOT NULL)
      AND p.status <> 'REFUSED' AND (p.ended_at IS NULL OR (p.ended_at {_LONDON} > p.review_on)"""


def _made(table: str, at: str, stays: str) -> Count:
    """Of these stays, those in which something was made by the day the person left."""
    return Count(
        sql=f"""
        SELECT count(*) FILTER (WHERE EXISTS (
                   SELECT 1 FROM {table} m WHERE m.prison_id = %(prison)s AND m.person_id = s.person_id
                      AND m.{at} >= s.started_at AND (m.{at} {_LONDON} <= s.day)), count(*)
        FROM ({_STAYS}) s WHERE {stays}""",
        zero=True,
    )


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
    "OP-06a": Count(
        sql=f"SELECT coalesce(sum(n.minutes), 0) / 60.0, NULL FROM ({NEWEST}) n",
        people=f"""SELECT n.person_id, ''::text, sum(n.minutes) / 60.0, NULL::numeric FROM ({NEWEST}) n
                   GROUP BY n.person_id""",
        by=EVERYTHING,
        on_visits=True,
    ),
    **{
        f"OP-06{letter}": Count(
            sql=f"SELECT coalesce(sum(x.hours), 0), NULL FROM ({_SHARES}) x WHERE x.task_group = '{group}'",
            on_visits=True,
        )
        for letter, group in zip("bcdefghij", _GROUPS, strict=True)
    },
    "OP-08f": Count(
        sql=f"SELECT count(*) FILTER (WHERE n.reason = 'NOT_UNLOCKED'), count(*) {_PLANNED}",
        people=f"""SELECT p.person_id, ''::text, count(*) FILTER (WHERE n.reason = 'NOT_UNLOCKED'), count(*)::numeric
                   {_PLANNED} GROUP BY p.person_id""",
        by=("wing",),
        scale=Decimal(100),
        on_visits=True,
    ),
    "OP-09a": Count(
        sql=f"SELECT count(*), NULL FROM ({_REFERRED}) r",
        people=f"SELECT r.person_id, ''::text, count(*), NULL::numeric FROM ({_REFERRED}) r GROUP BY r.person_id",
        by=EVERYTHING,
    ),
    **{
        f"OP-09{letter}": Count(sql=f"SELECT count(*), NULL FROM ({_REFERRED}) r WHERE r.{column} = '{value}'")
        for letter, column, value in (
            ("b", "source", "SELF"),
            ("c", "source", "PEER"),
            ("d", "source", "STAFF"),
            ("e", "source", "HEALTHCARE"),
            ("f", "source", "COUNCIL"),
            ("g", "source", "FAMILY"),
            ("h", "source", "PRISON"),
            ("i", "urgency", "URGENT"),
            ("j", "urgency", "SOON"),
            ("k", "urgency", "ROUTINE"),
        )
    },
    "OP-10a": Count(
        sql=_SUPPORTED,
        people=f"""
        SELECT w.person_id, ''::text, {_IN_TIME}, count(*)::numeric FROM ({_WAITED}) w
        WHERE {_SEEN_ON} - w.day >= 14 GROUP BY w.person_id""",
        by=EQUALITY,
        zero=True,
    ),
    "OP-10b": Count(sql=median(f"SELECT w.days, w.event = 1 FROM ({_WAITED}) w"), zero=True),
    **_assessments("COUNCIL", "abcd"),
    **_assessments("HEALTHCARE", "efgh"),
    "OP-12": Count(
        sql=f"""
        SELECT count(*) FILTER (WHERE a.decision = 'ELIGIBLE'), count(*)
        {_ASKED} AND a.body = 'COUNCIL' AND a.decided_on {_WITHIN}""",
        zero=True,
        quarterly=True,
    ),
    "OP-13a": Count(sql=f"SELECT count(DISTINCT w.person_id), NULL FROM ({_WAITING}) w"),
    "OP-13b": Count(sql=_middle(f"SELECT %(last)s::date - w.since AS value FROM ({_WAITING}) w"), zero=True),
    "OP-23a": Count(sql=f"SELECT count(*), NULL {_SAFEGUARDING}"),
    **{
        f"OP-23{letter}": Count(
            sql=f"SELECT count(*), NULL {_CONCERNS} AND c.kind = ANY (string_to_array('{kinds}', ','))"
        )
        for letter, kinds in _WORRIES.items()
    },
    "OP-23j": Count(sql=f"SELECT count(DISTINCT c.about_person_id), NULL {_SAFEGUARDING}"),
    "OP-23k": Count(sql=f"SELECT count(DISTINCT c.about_buddy_id), NULL {_SAFEGUARDING}"),
    "OP-24a": Count(
        sql=f"SELECT count(*), NULL {_FALLS}",
        people=f"SELECT f.person_id, ''::text, count(*), NULL::numeric {_FALLS} GROUP BY f.person_id",
        by=("wing",),
    ),
    "OP-24b": Count(
        sql=_middle(f"""
        SELECT greatest(floor(extract(epoch FROM f.staff_at - f.alarm_at) / 60), 0) AS value
        {_FALLS} AND f.staff_at IS NOT NULL"""),
        zero=True,
    ),
    "OP-24c": Count(
        sql=_middle(f"""
        SELECT floor(extract(epoch FROM f.up_at - f.found_at) / 60) AS value {_FALLS} AND f.up_at IS NOT NULL"""),
        zero=True,
    ),
    "OP-27": _made("referrals_carepack", "sent_at", "s.end_reason = 'TRANSFER' AND s.planned"),
    "OP-28": _made("referrals_handover", "made_at", "s.end_reason = 'RELEASE' AND (s.planned OR s.unmet)"),
    "OP-29": Count(
        sql=f"SELECT coalesce(sum(x.held), 0), count(*) FROM ({_REVIEWS}) x",
        people=_REVIEWS,
        by=("wing",),
        zero=True,
    ),
    "OP-32": Count(
        sql="""
        SELECT count(DISTINCT i.person_id), NULL FROM referrals_informalhelp i WHERE i.prison_id = %(prison)s
           AND i.noted_at <= %(as_of)s AND (i.closed_at IS NULL OR i.closed_at > %(as_of)s)"""
    ),
    "OU-12a": Count(
        sql=f"""SELECT (SELECT count(*) {_FALLS} AND {_FELL_HELPED}),
                       ({_HELP_DAYS})""",
        scale=Decimal(1000),
    ),
    "OU-12b": Count(
        sql=f"""SELECT (SELECT count(*) {_CONCERNS} AND c.kind IN ('ASSAULT', 'SELF_HARM')
                          AND {_HARMED_HELPED}), ({_HELP_DAYS})""",
        scale=Decimal(1000),
    ),
    "OU-13": Count(
        sql=f"""
        SELECT count(*) FILTER (WHERE EXISTS (
                   SELECT 1 FROM referrals_unmetneed u WHERE u.prison_id = %(prison)s AND u.person_id = p.person_id
                      AND u.known_on <= (v.reviewed_at {_LONDON}
                      AND (u.met_on IS NULL OR u.met_on > (v.reviewed_at {_LONDON})
                      AND (u.left_on IS NULL OR u.left_on > (v.reviewed_at {_LONDON}))), count(*)
        FROM referrals_planreview v JOIN referrals_plan p ON p.id = v.plan_id
        WHERE v.prison_id = %(prison)s AND (v.reviewed_at {_LONDON} {_WITHIN}""",
        zero=True,
        quarterly=True,
    ),
    "BS-03": Count(
        sql="""
        SELECT count(*) FILTER (WHERE c.acted_at <= c.due_at), count(*) FROM referrals_concern c
        WHERE c.prison_id = %(prison)s AND c.kind <> 'TALK_TO_STAFF' AND c.due_at >= %(begins)s
          AND c.due_at < %(as_of)s""",
        zero=True,
    ),
}
