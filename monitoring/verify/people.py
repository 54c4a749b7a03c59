"""Fresh counts about buddies and their working life, about staff, and about how complete the records are."""

from __future__ import annotations

from decimal import Decimal

from monitoring.verify.count import ACTIVE, EQUALITY, EVERYTHING, NEWEST, Count, of_people
from monitoring.verify.groups import GROUPS
from monitoring.verify.median import median

_LONDON = "AT TIME ZONE 'Europe/London')::date"
_SEEN_ON = f"((%(seen_until)s::timestamptz - interval '1 microsecond') {_LONDON}"
_WITHIN = "BETWEEN %(first)s AND %(last)s"

_ACTIVE_PEOPLE = f"SELECT b.person_id FROM schemes_buddy b JOIN ({ACTIVE}) a ON a.buddy_id = b.id"
_HELPED = """
    SELECT p.person_id FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
    WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s"""
_HELPED_NOW = f"{_HELPED} AND (m.ended_at IS NULL OR m.ended_at > %(as_of)s)"
_HELPED_EVER = f"{_HELPED} AND (m.ended_at IS NULL OR (m.ended_at {_LONDON} >= %(first)s)"

_APPLIED = f"""
    SELECT b.id, b.person_id, b.applied_on FROM schemes_buddy b
    WHERE b.prison_id = %(prison)s AND b.source = 'APPLICATION' AND b.applied_on {_WITHIN}"""
_FIRST_ACTIVE = f"""
    SELECT b.person_id FROM schemes_buddy b JOIN (
        SELECT s.buddy_id, min(s.at) AS at FROM schemes_buddystep s
        WHERE s.prison_id = %(prison)s AND s.new_status = 'ACTIVE' GROUP BY s.buddy_id
    ) f ON f.buddy_id = b.id WHERE (f.at {_LONDON} {_WITHIN}"""
_REFUSED = f"""
    SELECT b.person_id FROM schemes_refusal r JOIN schemes_buddy b ON b.id = r.buddy_id
    WHERE r.prison_id = %(prison)s AND (r.declined_at {_LONDON} {_WITHIN}"""
_WITHDRAWN = f"""
    SELECT b.person_id FROM schemes_buddystep s JOIN schemes_buddy b ON b.id = s.buddy_id
    WHERE s.prison_id = %(prison)s AND s.new_status = 'WITHDRAWN' AND (s.at {_LONDON} {_WITHIN}"""
_SECURITY = f"""
    SELECT CASE WHEN d.decided_on <= {_SEEN_ON} THEN greatest(d.decided_on - a.applied_on, 0)
                ELSE greatest(least(x.ended_on, {_SEEN_ON}) - a.applied_on, 0) END,
           coalesce(d.decided_on <= {_SEEN_ON}, false)
    FROM ({_APPLIED}) a
    JOIN LATERAL (
        SELECT c.decided_on FROM schemes_clearance c WHERE c.buddy_id = a.id AND c.department = 'SECURITY'
        ORDER BY c.asked_at, c.id LIMIT 1
    ) d ON true
    LEFT JOIN LATERAL (
        SELECT (min(s.at) {_LONDON} AS ended_on FROM schemes_buddystep s
        WHERE s.buddy_id = a.id AND s.new_status IN ('WITHDRAWN', 'DECLINED')
    ) x ON true"""

_MANDATORY = """
    SELECT m.code FROM training_module m
    WHERE (m.prison_id IS NULL OR m.prison_id = %(prison)s) AND CASE
        WHEN EXISTS (SELECT 1 FROM training_moduleversion v WHERE v.module_id = m.code) THEN coalesce((
            SELECT v.mandatory AND NOT v.withdrawn FROM training_moduleversion v
            WHERE v.module_id = m.code AND (v.changed_at IS NULL OR v.changed_at <= %(as_of)s)
            ORDER BY v.number DESC LIMIT 1), false)
        ELSE m.mandatory AND NOT m.withdrawn END"""
_COUNTING = """
    SELECT r.* FROM training_moduleresult r WHERE r.prison_id = %(prison)s AND r.outcome <> 'VOID'
      AND NOT EXISTS (SELECT 1 FROM training_moduleresult later WHERE later.replaces_id = r.id)"""
_TRAINED = """
    SELECT b.id, b.person_id FROM schemes_buddy b JOIN (
        SELECT DISTINCT ON (s.buddy_id) s.buddy_id, s.new_status FROM schemes_buddystep s
        WHERE s.prison_id = %(prison)s AND s.at <= %(as_of)s ORDER BY s.buddy_id, s.at DESC, s.id DESC
    ) n ON n.buddy_id = b.id
    WHERE n.new_status IN ('IN_TRAINING', 'ACTIVE', 'SUSPENDED')
       OR (n.new_status = 'CHECKS' AND b.source = 'TAKE_OVER')"""


def _newest(day: str) -> str:
    """The newest result of a buddy and a module up to a day."""
    return f"""LEFT JOIN LATERAL (
        SELECT r.outcome, r.assessed_on, r.expires_on FROM ({_COUNTING}) r
        WHERE r.buddy_id = b.id AND r.module_id = m.code AND r.assessed_on {day}
        ORDER BY r.assessed_on DESC, r.id DESC LIMIT 1)"""


_MODULES_DUE = f"""
    SELECT coalesce(now.outcome = 'PASSED' AND now.assessed_on >= %(first)s
                    AND (now.expires_on IS NULL OR now.expires_on >= %(last)s), false) AS passed
    FROM ({_TRAINED}) b CROSS JOIN ({_MANDATORY}) m
    {_newest("< %(first)s")} before ON true
    {_newest("<= %(last)s")} now ON true
    WHERE NOT coalesce(before.outcome = 'PASSED'
                       AND (before.expires_on IS NULL OR before.expires_on > %(last)s), false)"""
_IN_DATE = f"""
    SELECT b.person_id, coalesce(bool_and(
               coalesce(now.outcome = 'PASSED' AND (now.expires_on IS NULL OR now.expires_on >= %(last)s), false)
           ) FILTER (WHERE m.code IS NOT NULL), true) AS held
    FROM schemes_buddy b JOIN ({ACTIVE}) a ON a.buddy_id = b.id
    LEFT JOIN ({_MANDATORY}) m ON true
    {_newest("<= %(last)s")} now ON true
    GROUP BY b.id, b.person_id"""
_ALL_PASSED = f"""
    SELECT p.person_id FROM (
        SELECT r.person_id, r.module_id, min(r.assessed_on) AS first_on FROM ({_COUNTING}) r
        JOIN ({_MANDATORY}) m ON m.code = r.module_id WHERE r.outcome = 'PASSED' GROUP BY r.person_id, r.module_id
    ) p GROUP BY p.person_id
    HAVING count(*) = (SELECT count(*) FROM ({_MANDATORY}) m) AND max(p.first_on) {_WITHIN}"""

_SUPERVISED = f"""
    WITH held AS (
        SELECT DISTINCT s.buddy_id, s.held_on FROM training_supervision s
        JOIN schemes_buddy b ON b.id = s.buddy_id JOIN schemes_scheme c ON c.id = b.scheme_id
        WHERE s.prison_id = %(prison)s AND s.outcome = 'HELD' AND (s.kind = 'ONE_TO_ONE' OR c.group_counts)
    ),
    bases AS (
        SELECT b.id AS buddy_id, b.started_on AS day FROM schemes_buddy b
        WHERE b.prison_id = %(prison)s AND b.started_on IS NOT NULL
        UNION SELECT h.buddy_id, h.held_on FROM held h
    ),
    chains AS (
        SELECT x.buddy_id, x.day, c.supervision_months AS months,
               (SELECT min(h.held_on) FROM held h WHERE h.buddy_id = x.buddy_id AND h.held_on > x.day) AS next_on
        FROM bases x JOIN schemes_buddy b ON b.id = x.buddy_id JOIN schemes_scheme c ON c.id = b.scheme_id
    ),
    due AS (
        SELECT c.buddy_id, c.next_on, (c.day + make_interval(months => k * c.months))::date AS due_on,
               (c.day + make_interval(months => (k - 1) * c.months))::date AS before_on, k
        FROM chains c CROSS JOIN generate_series(1, 400) AS k
        WHERE (c.day + make_interval(months => k * c.months))::date {_WITHIN}
    )
    SELECT coalesce(d.next_on <= d.due_on, false) AS held FROM due d
    WHERE (d.next_on IS NULL OR d.k = 1 OR d.next_on > d.before_on)
      AND (SELECT s.new_status FROM schemes_buddystep s WHERE s.buddy_id = d.buddy_id AND s.at <= %(as_of)s
             AND (s.at {_LONDON} <= d.due_on ORDER BY s.at DESC, s.id DESC LIMIT 1) = 'ACTIVE'"""

_BRIEFED = f"""
    SELECT DISTINCT ON (f.wing_id) f.staff, f.briefed FROM training_staffbriefing f
    JOIN schemes_schemewing w ON w.wing_id = f.wing_id AND w.served
    WHERE f.prison_id = %(prison)s AND f.held_on {_WITHIN} ORDER BY f.wing_id, f.held_on DESC, f.id DESC"""
_WEEKS = f"FROM schemes_protectedtime t WHERE t.prison_id = %(prison)s AND t.worked IS NOT NULL AND t.week {_WITHIN}"

_LEAVERS = f"""
    SELECT s.buddy_id, b.person_id, s.new_status, (s.at {_LONDON} AS day FROM schemes_buddystep s
    JOIN schemes_buddy b ON b.id = s.buddy_id
    WHERE s.prison_id = %(prison)s AND s.old_status IN ('ACTIVE', 'SUSPENDED')
      AND s.new_status IN ('LEFT', 'REMOVED') AND (s.at {_LONDON} {_WITHIN}"""
_GONE = f"""EXISTS (SELECT 1 FROM schemes_custody c WHERE c.prison_id = %(prison)s AND c.person_id = l.person_id
    AND (c.ended_at {_LONDON} = l.day)"""
_MEAN_ACTIVE = """
    SELECT avg(x.active) FROM (
        SELECT (SELECT count(*) FROM (
                    SELECT DISTINCT ON (s.buddy_id) s.new_status FROM schemes_buddystep s
                    WHERE s.prison_id = %(prison)s AND s.at <= e.at ORDER BY s.buddy_id, s.at DESC, s.id DESC
                ) n WHERE n.new_status = 'ACTIVE') AS active
        FROM (
            SELECT %(begins)s::timestamptz AS at
            UNION ALL
            SELECT least((m + interval '1 month')::timestamp AT TIME ZONE 'Europe/London', %(as_of)s::timestamptz)
            FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS m
        ) e
    ) x"""
_MONTHS_IN_ROLE = f"""
    SELECT coalesce(g.day, %(last)s::date) - coalesce(b.in_role_since, b.started_on), g.day IS NOT NULL
    FROM schemes_buddy b LEFT JOIN LATERAL (
        SELECT (max(s.at) {_LONDON} AS day FROM schemes_buddystep s
        WHERE s.buddy_id = b.id AND s.new_status IN ('LEFT', 'REMOVED') AND s.at <= %(as_of)s
    ) g ON true
    WHERE b.prison_id = %(prison)s AND EXISTS (
        SELECT 1 FROM schemes_buddystep s WHERE s.buddy_id = b.id AND s.new_status = 'ACTIVE' AND s.at <= %(as_of)s)"""

_PRISONERS = f"""
    SELECT o.id, o.total FROM monitoring_population o WHERE o.prison_id = %(prison)s
      AND o.month {_WITHIN} ORDER BY o.month DESC, o.id DESC LIMIT 1"""


def _compared(people: str) -> Count:
    lines = GROUPS.format(people=f"SELECT DISTINCT y.person_id, ''::text, 1, NULL::numeric FROM ({people}) y")
    return Count(
        sql=f"""SELECT (SELECT count(DISTINCT x.person_id) FROM ({people}) x), o.total FROM ({_PRISONERS}) o""",
        groups=f"""
        SELECT coalesce(l.by, c.by), coalesce(l.code, c.group), coalesce(l.numerator, 0), coalesce(c.count, 0)
        FROM (SELECT x.by, x.code, x.sum AS numerator FROM ({lines}) AS x(by, code, sum, none)
              WHERE x.by IN ('age', 'sex', 'ethnicity')) l
        FULL JOIN (SELECT n.by, n.group, n.count FROM monitoring_populationcount n JOIN ({_PRISONERS}) o
                   ON o.id = n.population_id WHERE n.by IN ('age', 'sex', 'ethnicity')) c
        ON c.by = l.by AND c.group = l.code""",
        by=("age", "sex", "ethnicity"),
        scale=Decimal(100),
        on_population=True,
    )


_KNOWN: dict[str, str] = {
    "b": "p.born_on IS NOT NULL",
    "c": "p.sex IN ('FEMALE', 'MALE')",
    "d": "p.ethnicity NOT IN ('', 'UNKNOWN')",
    "e": "p.disability IN ('YES', 'NO')",
    "f": "coalesce(trim(p.languages[1]), '') <> ''",
}
_DESCRIBED = f"FROM schemes_person p WHERE p.id IN ({_HELPED_EVER} UNION {_ACTIVE_PEOPLE})"
_RECEIVED = f"FROM referrals_referral r WHERE r.prison_id = %(prison)s AND (r.referred_at {_LONDON} {_WITHIN}"


def _each(rows: str, by: tuple[str, ...] = ()) -> Count:
    """A count of rows, each with its person."""
    return Count(
        sql=f"SELECT count(*), NULL FROM ({rows}) x",
        people=f"SELECT x.person_id, ''::text, 1, NULL::numeric FROM ({rows}) x" if by else "",
        by=by,
    )


def _leavers(which: str) -> Count:
    return Count(sql=f"SELECT count(DISTINCT l.buddy_id), NULL FROM ({_LEAVERS}) l WHERE {which}", quarterly=True)


COUNTS: dict[str, Count] = {
    "OP-01": Count(
        sql="""
        SELECT CASE
            WHEN EXISTS (SELECT 1 FROM schemes_scheme s WHERE s.prison_id = %(prison)s AND s.opened_at <= %(as_of)s
                           AND (s.closed_at IS NULL OR s.closed_at > %(as_of)s)) THEN 1
            WHEN EXISTS (SELECT 1 FROM referrals_informalhelp i WHERE i.prison_id = %(prison)s
                           AND i.noted_at <= %(as_of)s
                           AND (i.closed_at IS NULL OR i.closed_at >= %(begins)s)) THEN 2
            ELSE 3 END, NULL""",
        zero=True,
    ),
    "OP-02": of_people(_ACTIVE_PEOPLE, EVERYTHING),
    "OP-03": Count(
        sql=f"""
        SELECT CASE WHEN w.hours IS NULL THEN NULL WHEN NOT EXISTS ({ACTIVE}) THEN 0 ELSE p.hours END, w.hours
        FROM (SELECT sum(q.weekly_hours) AS hours FROM ({ACTIVE}) a JOIN schemes_buddy b ON b.id = a.buddy_id
              JOIN schemes_post q ON q.id = b.post_id) p
        CROSS JOIN (SELECT sum(extract(epoch FROM t.lock_at - t.unlock_at)) / 3600 AS hours FROM schemes_regimetime t
                    WHERE t.prison_id = %(prison)s AND t.session IN ('AM', 'PM') AND t.weekday <= 4) w"""
    ),
    "OP-05": Count(
        sql=f"SELECT (SELECT count(DISTINCT x.person_id) FROM ({_HELPED_NOW}) x), (SELECT count(*) FROM ({ACTIVE}) a)"
    ),
    "OP-14a": _each(_APPLIED, EQUALITY),
    "OP-14b": Count(
        sql=f"SELECT count(*), NULL FROM schemes_interview i WHERE i.prison_id = %(prison)s AND i.held_on {_WITHIN}"
    ),
    "OP-14c": _each(_FIRST_ACTIVE, EQUALITY),
    "OP-14d": _each(_REFUSED, EQUALITY),
    "OP-14e": _each(_WITHDRAWN, EQUALITY),
    "OP-15": Count(sql=median(_SECURITY), zero=True, quarterly=True),
    "OP-16a": Count(sql=f"SELECT count(*) FILTER (WHERE d.passed), count(*) FROM ({_MODULES_DUE}) d", zero=True),
    "OP-16b": Count(
        sql=f"""
        SELECT coalesce(sum(m.hours), 0), NULL FROM training_classsession c
        JOIN training_module m ON m.code = c.module_id
        JOIN (SELECT DISTINCT ON (a.session_id, a.buddy_id) a.session_id, a.there FROM training_attendance a
              WHERE a.prison_id = %(prison)s ORDER BY a.session_id, a.buddy_id, a.id DESC) n ON n.session_id = c.id
        WHERE c.prison_id = %(prison)s AND c.status = 'HELD' AND c.held_on {_WITHIN} AND n.there"""
    ),
    "OP-16c": Count(sql=f"SELECT count(*), NULL FROM ({_ALL_PASSED}) x"),
    "OP-17": Count(
        sql=f"SELECT count(*) FILTER (WHERE x.held), count(*) FROM ({_IN_DATE}) x",
        people=f"SELECT x.person_id, ''::text, x.held::int, 1::numeric FROM ({_IN_DATE}) x",
        by=("wing",),
        zero=True,
    ),
    "OP-18": Count(sql=f"SELECT count(*) FILTER (WHERE x.held), count(*) FROM ({_SUPERVISED}) x", zero=True),
    "OP-19": Count(sql=f"SELECT sum(x.briefed), sum(x.staff) FROM ({_BRIEFED}) x", zero=True, quarterly=True),
    "OP-20a": Count(sql=f"SELECT coalesce(sum(t.worked), 0), count(DISTINCT t.week) {_WEEKS}"),
    "OP-20b": Count(sql=f"SELECT coalesce(sum(t.planned), 0), count(DISTINCT t.week) {_WEEKS}"),
    "OP-21a": Count(
        sql=f"SELECT (SELECT count(DISTINCT l.buddy_id) FROM ({_LEAVERS}) l), ({_MEAN_ACTIVE})", quarterly=True
    ),
    "OP-21b": _leavers(f"l.new_status = 'LEFT' AND {_GONE}"),
    "OP-21c": _leavers("l.new_status = 'REMOVED'"),
    "OP-21d": _leavers(f"l.new_status = 'LEFT' AND NOT {_GONE}"),
    "OP-21e": Count(sql=median(_MONTHS_IN_ROLE, unit="30.4375"), zero=True, quarterly=True),
    "OP-25a": _compared(_ACTIVE_PEOPLE),
    "OP-25b": _compared(_HELPED_EVER),
    "OP-30a": Count(
        sql=f"SELECT coalesce(sum({' + '.join(f'({k})::int' for k in _KNOWN.values())}), 0), count(*) * 5 {_DESCRIBED}",
        zero=True,
    ),
    **{
        f"OP-30{letter}": Count(sql=f"SELECT count(*) FILTER (WHERE {known}), count(*) {_DESCRIBED}", zero=True)
        for letter, known in _KNOWN.items()
    },
    "OP-30g": Count(
        sql=f"""
        SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM ({NEWEST}) n WHERE n.planned_id = p.id)), count(*)
        FROM referrals_plannedvisit p WHERE p.prison_id = %(prison)s AND p.held_at_start AND p.day {_WITHIN}""",
        zero=True,
        on_visits=True,
    ),
    "OP-30h": Count(
        sql=f"SELECT count(*) FILTER (WHERE r.screened_at <= %(seen_until)s), count(*) {_RECEIVED}", zero=True
    ),
    "OU-08": Count(
        sql=f"""
        SELECT count(DISTINCT (r.person_id, r.module_id)), NULL FROM ({_COUNTING}) r
        WHERE r.outcome = 'PASSED' AND r.assessed_on {_WITHIN}"""
    ),
    "BS-02a": Count(
        sql="""
        SELECT count(*), NULL FROM referrals_match m
        WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s AND (m.ended_at IS NULL OR m.ended_at > %(as_of)s)
          AND ((m.under_override AND EXISTS (
                    SELECT 1 FROM training_override o WHERE o.buddy_id = m.buddy_id AND o.decision = 'APPROVED'
                      AND o.decided_at <= %(as_of)s AND o.ends_on >= %(last)s))
            OR (m.under_take_over AND EXISTS (
                    SELECT 1 FROM schemes_takeover t WHERE t.buddy_id = m.buddy_id AND t.decision = 'APPROVED'
                      AND t.good_by >= %(last)s)))"""
    ),
    "BS-02b": Count(
        sql=f"""
        SELECT count(*), NULL FROM ({ACTIVE}) a JOIN schemes_takeover t ON t.buddy_id = a.buddy_id
        WHERE t.decision = 'APPROVED' AND t.good_by >= %(last)s AND (t.lacks_compact OR t.lacks_modules)"""
    ),
}
