"""Kaplan and Meier's median in SQL: for the fresh counts of waits."""

from __future__ import annotations


def median(waits: str, *, unit: str = "1") -> str:
    """A statement that gives (number that ended, nothing, median) of rows (days, ended).

    The median is the first time after which half or fewer still wait, in so many of `unit`; -1 where there is none.
    Without rows the number is empty.
    """
    return f"""
    WITH RECURSIVE waits (days, ended) AS ({waits}),
    times AS (
        SELECT t.days, t.ended, sum(t.gone) OVER (ORDER BY t.days DESC) AS there,
               row_number() OVER (ORDER BY t.days) AS place
        FROM (SELECT w.days, count(*) FILTER (WHERE w.ended) AS ended, count(*) AS gone FROM waits w GROUP BY w.days) t
    ),
    curve (place, days, still) AS (
        SELECT 0::bigint, NULL::integer, 1::numeric
        UNION ALL
        SELECT t.place, t.days, c.still * (t.there - t.ended) / t.there
        FROM curve c JOIN times t ON t.place = c.place + 1
    )
    SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE w.ended) END, NULL,
           coalesce((SELECT min(c.days) FROM curve c WHERE c.still <= 0.5 + 1e-12) / {unit}, -1)
    FROM waits w"""
