"""The groups of a figure in SQL: what is known of each person at the end of the period, and the lines added up."""

from __future__ import annotations

_MOVE = """(SELECT w.code FROM schemes_cellmove m JOIN accounts_wing w ON w.id = m.{wing}
             WHERE m.id = (SELECT m2.id FROM schemes_cellmove m2 WHERE m2.custody_id = c.id
                           AND m2.moved_at {side} %(as_of)s ORDER BY m2.moved_at {way}, m2.id {way} LIMIT 1))"""

GROUPS = f"""
    WITH lines (person_id, wing, numerator, denominator) AS ({{people}}),
    traits AS (
        SELECT DISTINCT ON (c.person_id) c.person_id,
               coalesce({_MOVE.format(wing="wing_id", side="<=", way="DESC")},
                        {_MOVE.format(wing="from_wing_id", side=">", way="ASC")},
                        (SELECT w.code FROM accounts_wing w WHERE w.id = c.wing_id)) AS wing,
               extract(year FROM age(%(last)s::date, p.born_on)) AS years,
               lower(p.sex) AS sex, lower(p.ethnicity) AS ethnicity, lower(p.disability) AS disability,
               lower(trim(p.languages[1])) AS language
        FROM schemes_custody c JOIN schemes_person p ON p.id = c.person_id
        WHERE c.prison_id = %(prison)s AND c.started_at <= %(as_of)s
          AND c.person_id IN (SELECT l.person_id FROM lines l)
        ORDER BY c.person_id, c.started_at DESC, c.id DESC
    ),
    known AS (
        SELECT l.numerator, l.denominator, g.by, coalesce(nullif(g.code, ''), 'unknown') AS code
        FROM lines l LEFT JOIN traits t ON t.person_id = l.person_id
        CROSS JOIN LATERAL (VALUES
            ('wing', coalesce(nullif(l.wing, ''), t.wing)),
            ('sex', t.sex), ('ethnicity', t.ethnicity), ('disability', t.disability),
            ('language', CASE WHEN t.language IN ('', 'english', 'welsh') THEN t.language
                              WHEN t.language IS NOT NULL THEN 'other' END),
            ('age', CASE WHEN t.years <= 20 THEN '0-20' WHEN t.years <= 29 THEN '21-29'
                         WHEN t.years <= 39 THEN '30-39' WHEN t.years <= 49 THEN '40-49'
                         WHEN t.years <= 59 THEN '50-59' WHEN t.years <= 69 THEN '60-69'
                         WHEN t.years >= 70 THEN '70-200' END)
        ) AS g(by, code)
    )
    SELECT by, code, sum(numerator), sum(denominator) FROM known GROUP BY by, code"""
