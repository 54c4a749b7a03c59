"""A fresh count of every stored figure, in SQL written apart from the measures.

Nothing here imports a measure: the two ways to a number share only the tables. A difference means that one of
them is wrong, or that a change did not reach the roll-up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from buddyscheme.lib.dates import Month, london_today, month_of
from monitoring.models import Figure
from monitoring.rollups import EXACT

NEWEST = (
    "SELECT v.* FROM referrals_visit v LEFT JOIN referrals_visit later ON later.replaces_id = v.id"
    " WHERE later.id IS NULL AND v.prison_id = %(prison)s AND v.day BETWEEN %(first)s AND %(last)s"
)
# One statement a measure: (numerator, denominator). `as_of` is the end of the month, or the moment of computing.
COUNTS: dict[str, str] = {
    "OP-02": """
        SELECT count(*), NULL FROM (
            SELECT DISTINCT ON (s.buddy_id) s.buddy_id, s.new_status FROM schemes_buddystep s
            WHERE s.prison_id = %(prison)s AND s.at <= %(as_of)s ORDER BY s.buddy_id, s.at DESC, s.id DESC
        ) newest WHERE new_status = 'ACTIVE'""",
    "BS-02": """
        SELECT count(*), NULL FROM (
            SELECT DISTINCT ON (s.buddy_id) s.buddy_id, s.new_status FROM schemes_buddystep s
            WHERE s.prison_id = %(prison)s AND s.at <= %(as_of)s ORDER BY s.buddy_id, s.at DESC, s.id DESC
        ) newest JOIN schemes_takeover t ON t.buddy_id = newest.buddy_id
        WHERE newest.new_status = 'ACTIVE' AND t.decision = 'APPROVED' AND t.good_by >= %(last)s
          AND (t.lacks_compact OR t.lacks_modules)""",
    "OP-04a": """
        SELECT count(DISTINCT p.person_id), NULL FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
        WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s
          AND (m.ended_at IS NULL OR m.ended_at > %(as_of)s)""",
    "OP-04b": """
        SELECT count(DISTINCT p.person_id), NULL FROM referrals_match m JOIN referrals_plan p ON p.id = m.plan_id
        WHERE m.prison_id = %(prison)s AND m.started_on <= %(last)s
          AND coalesce((m.ended_at AT TIME ZONE 'Europe/London')::date, 'infinity'::date) >= %(first)s""",
    "OP-07": f"""
        SELECT count(*) FILTER (WHERE n.outcome IN ('DONE', 'PARTLY')), count(*)
        FROM referrals_plannedvisit p LEFT JOIN ({NEWEST}) n ON n.planned_id = p.id
        WHERE p.prison_id = %(prison)s AND p.held_at_start AND p.day BETWEEN %(first)s AND %(last)s""",
    "OP-22": f"""
        SELECT (SELECT count(*) FROM referrals_concern c WHERE c.prison_id = %(prison)s
                 AND c.kind IN ('ASKED_TO_OVERSTEP', 'DID_OVERSTEP', 'SAW_OVERSTEP')
                 AND c.happened_on BETWEEN %(first)s AND %(last)s),
               (SELECT coalesce(sum(n.minutes), 0) / 60.0 FROM ({NEWEST}) n)""",
    "BS-01": """
        SELECT count(DISTINCT (u.person_id, d.day)), NULL
        FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS d(day)
        JOIN referrals_unmetneed u ON u.prison_id = %(prison)s AND u.known_on <= d.day
             AND (u.met_on IS NULL OR u.met_on > d.day) AND (u.left_on IS NULL OR u.left_on > d.day)""",
    **{
        f"OP-08{letter}": f"""
            SELECT count(*), NULL FROM ({NEWEST}) n WHERE n.outcome = 'NOT_DONE' AND n.reason = '{reason}'"""
        for letter, reason in zip(
            "abcde", ("NOT_UNLOCKED", "BUDDY_ABSENT", "DECLINED", "STAFF_REFUSED", "OTHER"), strict=True
        )
    },
}
SCALE = {"OP-22": Decimal(1000)}
SHARES = {"OP-07"}
ON_VISITS = {"OP-07", "OP-22"} | {code for code in COUNTS if code.startswith("OP-08")}

RETURNED = f"""
    SELECT (SELECT count(*) FROM ({NEWEST}) n) AS visits,
           EXISTS (SELECT 1 FROM monitoring_monthclose c
                    WHERE c.prison_id = %(prison)s AND c.month = %(first)s) AS closed,
           EXISTS (SELECT 1 FROM referrals_plannedvisit p WHERE p.prison_id = %(prison)s AND p.held_at_start
                    AND p.day BETWEEN %(first)s AND %(last)s) AS planned,
           EXISTS (SELECT 1 FROM referrals_referral r WHERE r.prison_id = %(prison)s
                    AND r.referred_at BETWEEN %(begins)s AND %(as_of)s)
           OR EXISTS (SELECT 1 FROM schemes_buddystep s WHERE s.prison_id = %(prison)s
                    AND s.at BETWEEN %(begins)s AND %(as_of)s) AS other"""


@dataclass(frozen=True)
class Difference:
    """One stored figure that a fresh count does not confirm."""

    prison: str
    month: str
    measure: str
    stored: str
    counted: str

    def __str__(self) -> str:
        return f"{self.prison} {self.month} {self.measure}: stored {self.stored}, counted {self.counted}"


def differences(prison: str, month: Month, *, now: datetime) -> Iterator[Difference]:
    """Compare one prison-month. Run in a scope that sees the prison. Yields nothing when all agree."""
    figures = {f.measure: f for f in Figure.objects.for_prison(prison).filter(month=month.first, breakdown="")}
    for code in COUNTS:
        counted = _count(prison, month, code, now=now)
        figure = figures.get(code)
        stored = (
            "nothing" if figure is None else _words(figure.state, figure.value, figure.numerator, figure.denominator)
        )
        if counted != stored:
            yield Difference(prison, month.code, code, stored, counted)
    for code in sorted(set(figures) - set(COUNTS)):
        yield Difference(prison, month.code, code, "a figure", "no way to count it")


def months_of(prison: str, *, now: datetime) -> list[Month]:
    """Every month from the one in which the scheme opened to the running one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opened_at AT TIME ZONE 'Europe/London' FROM schemes_scheme WHERE prison_id = %s", [prison]
        )
        row = cursor.fetchone()
    if not row or row[0] is None:
        return []
    month, months = month_of(row[0].date()), []
    while month.first <= london_today(now):
        months.append(month)
        month = month.next()
    return months


def _count(prison: str, month: Month, code: str, *, now: datetime) -> str:
    today = london_today(now)
    last = min(month.first + timedelta(days=month.days - 1), today)
    values: dict[str, Any] = {
        "prison": prison,
        "first": month.first,
        "last": last,
        "begins": month.starts_at,
        "as_of": min(month.ends_at, now),
    }
    visits, closed, planned, other = _row(RETURNED, values)
    anything = bool(visits or closed or other)
    by_visits = bool(visits or closed or (not planned and other))
    if not _due(prison, month) or month.first > today:
        return "NOT_YET_DUE"
    if not (by_visits if code in ON_VISITS else anything):
        return "NOT_RETURNED"
    numerator, denominator = _row(COUNTS[code], values)
    numerator = Decimal(numerator)
    if denominator is None:
        return _words("VALUE" if numerator else "NONE", numerator, numerator, None)
    denominator = Decimal(denominator)
    if not denominator:
        return "NOT_YET_DUE"
    value = numerator * SCALE.get(code, Decimal(1)) / denominator
    return _words("VALUE" if numerator or code in SHARES else "NONE", value, numerator, denominator)


def _words(state: str, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None) -> str:
    if value is None or numerator is None:
        return state
    under = "" if denominator is None else f" of {denominator:.2f}"
    # As precise as figures are stored, first: else half a millionth is rounded up of one and down of the other.
    return f"{state} {value.quantize(EXACT):.6f} ({numerator:.2f}{under})"


def _due(prison: str, month: Month) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT opened_at FROM schemes_scheme WHERE prison_id = %s", [prison])
        row = cursor.fetchone()
    return bool(row and row[0] is not None and row[0] < month.ends_at)


def _row(sql: str, values: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return tuple(cursor.fetchone())
