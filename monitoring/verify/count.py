"""What one fresh count is, and the SQL that several of them start from.

Every statement may use `%(prison)s`, `%(first)s` and `%(last)s` (days), `%(begins)s` and `%(as_of)s` (moments: the
first day's beginning, and the end of the period or the moment of computing) and `%(seen_until)s`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

NEWEST = (
    "SELECT v.* FROM referrals_visit v LEFT JOIN referrals_visit later ON later.replaces_id = v.id"
    " WHERE later.id IS NULL AND v.prison_id = %(prison)s AND v.day BETWEEN %(first)s AND %(last)s"
)
ACTIVE = """
    SELECT newest.buddy_id FROM (
        SELECT DISTINCT ON (s.buddy_id) s.buddy_id, s.new_status FROM schemes_buddystep s
        WHERE s.prison_id = %(prison)s AND s.at <= %(as_of)s ORDER BY s.buddy_id, s.at DESC, s.id DESC
    ) newest WHERE newest.new_status = 'ACTIVE'"""


@dataclass(frozen=True)
class Count:
    """One measure's statement.

    `sql` gives one row of (numerator, denominator) or of (numerator, denominator, value), where a value of -1 is a
    median that is not reached. `people` gives rows of (person_id, wing code or empty, numerator, denominator) for the
    groups named in `by`. `zero` says that nought is a figure and not "none": shares, waits, scores, facts. `groups`
    is for groups that are more than their people: it gives (by, group, numerator, denominator) itself.
    """

    sql: str
    people: str = ""
    groups: str = ""
    by: tuple[str, ...] = ()
    scale: Decimal = Decimal(1)
    zero: bool = False
    on_visits: bool = False
    on_population: bool = False
    quarterly: bool = False
    returned: bool = False
    """Whether somebody returns it, so that what is missing is "no return" and not "nothing due"."""


def of_people(people: str, by: tuple[str, ...]) -> Count:
    """A count of different people, from a statement that gives their ids."""
    return Count(
        sql=f"SELECT count(DISTINCT x.person_id), NULL FROM ({people}) x",
        people=f"SELECT DISTINCT x.person_id, ''::text, 1, NULL::numeric FROM ({people}) x",
        by=by,
    )


EQUALITY = ("age", "sex", "ethnicity", "disability", "language")
EVERYTHING = (*EQUALITY, "wing")
