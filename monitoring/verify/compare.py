"""Comparing what is stored with a fresh count, one prison and period at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from buddyscheme.lib.dates import Month, Quarter, london_today, month_of
from monitoring.models import Figure
from monitoring.verify import costs, journey, outcomes, people
from monitoring.verify.count import NEWEST, Count
from monitoring.verify.groups import GROUPS

EXACT = Decimal("0.00000001")
FOLLOWED = timedelta(days=14)
COUNTS: dict[str, Count] = {**people.COUNTS, **journey.COUNTS, **costs.COUNTS, **outcomes.COUNTS}

RETURNED = f"""
    SELECT (SELECT count(*) FROM ({NEWEST}) n) AS visits,
           EXISTS (SELECT 1 FROM monitoring_monthclose c
                    WHERE c.prison_id = %(prison)s AND c.month BETWEEN %(first)s AND %(ends)s) AS closed,
           EXISTS (SELECT 1 FROM referrals_plannedvisit p WHERE p.prison_id = %(prison)s AND p.held_at_start
                    AND p.day BETWEEN %(first)s AND %(last)s) AS planned,
           EXISTS (SELECT 1 FROM referrals_referral r WHERE r.prison_id = %(prison)s
                    AND r.referred_at BETWEEN %(begins)s AND %(as_of)s)
           OR EXISTS (SELECT 1 FROM schemes_buddystep s WHERE s.prison_id = %(prison)s
                    AND s.at BETWEEN %(begins)s AND %(as_of)s) AS other,
           EXISTS (SELECT 1 FROM monitoring_population o WHERE o.prison_id = %(prison)s
                    AND o.month BETWEEN %(first)s AND %(last)s) AS counted"""


@dataclass(frozen=True)
class Difference:
    """One stored figure that a fresh count does not confirm."""

    prison: str
    period: str
    measure: str
    stored: str
    counted: str

    def __str__(self) -> str:
        return f"{self.prison} {self.period} {self.measure}: stored {self.stored}, counted {self.counted}"


def differences(prison: str, period: Month | Quarter, *, now: datetime) -> Iterator[Difference]:
    """Compare one prison and period. Run in the national role. Yields nothing when all agree."""
    figures = {(f.measure, f.breakdown): f for f in Figure.objects.for_prison(prison).filter(period=period.code)}
    counted = _fresh(prison, period, figures, now)
    # All figures of a period are taken at once: the last one that changed says when.
    taken = max((figure.computed_at for figure in figures.values()), default=now)
    earlier: dict[tuple[str, str], str] = {}
    if not figures and set(counted.values()) == {"NOT_YET_DUE"}:
        # A prison without an open scheme is asked for nothing.
        return
    for key in sorted(figures.keys() | counted.keys()):
        measure, breakdown = key
        figure = figures.get(key)
        stored = (
            "nothing" if figure is None else _words(figure.state, figure.value, figure.numerator, figure.denominator)
        )
        if key not in counted and breakdown and figure is not None and figure.state != "VALUE":
            # A group that once held somebody and is empty now.
            continue
        fresh = counted.get(key, "no way to count it" if measure not in COUNTS else "nothing")
        if fresh != stored and taken < min(now, period.ends_at):
            # The period still runs. A clock that went on since, and nothing else, makes no difference.
            earlier = earlier or _fresh(prison, period, figures, taken)
            fresh = stored if earlier.get(key, "nothing") == stored else fresh
        if fresh != stored:
            yield Difference(prison, period.code, f"{measure} {breakdown}".strip(), stored, fresh)


def periods_of(prison: str, *, now: datetime) -> list[Month | Quarter]:
    """Every month from the one in which the scheme opened to the running one, and their quarters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opened_at AT TIME ZONE 'Europe/London' FROM schemes_scheme WHERE prison_id = %s", [prison]
        )
        row = cursor.fetchone()
    if not row or row[0] is None:
        return []
    month, periods = month_of(row[0].date()), []
    while month.first <= london_today(now):
        periods.append(month)
        month = month.next()
    quarters = sorted({each.quarter for each in periods}, key=lambda quarter: quarter.first)
    return [*periods, *quarters]


def _fresh(
    prison: str, period: Month | Quarter, figures: dict[tuple[str, str], Figure], now: datetime
) -> dict[tuple[str, str], str]:
    counts = {code: c for code, c in COUNTS.items() if isinstance(period, Quarter) or not c.quarterly}
    today = london_today(now)
    if not _due(prison, period) or period.first > today:
        return {(code, ""): "NOT_YET_DUE" for code in counts}
    values: dict[str, Any] = {
        "prison": prison,
        "first": period.first,
        "ends": period.last,
        "last": min(period.last, today),
        "begins": period.starts_at,
        "as_of": min(period.ends_at, now),
    }
    visits, closed, planned, other, counted = _rows(RETURNED, values)[0]
    anything = bool(visits or closed or other)
    by_visits = bool(visits or closed or (not planned and other))
    found: dict[tuple[str, str], str] = {}
    for code, count in counts.items():
        if not (by_visits if count.on_visits else anything) or (count.on_population and not counted):
            found[code, ""] = "NOT_RETURNED"
            continue
        # Waits are followed up to the moment at which the figure was taken.
        taken = figures[code, ""].computed_at if (code, "") in figures else now
        values["seen_until"] = min(period.ends_at + FOLLOWED, taken)
        found[code, ""] = _one(count, _rows(count.sql, values)[0])
        if count.by and found[code, ""].startswith("VALUE"):
            for by, group, *row in _rows(count.groups or GROUPS.format(people=count.people), values):
                if by in count.by:
                    found[code, f"{by}:{group}"] = _one(count, tuple(row))
    return found


def _one(count: Count, row: tuple[Any, ...]) -> str:
    if row[0] is None:
        return "NOT_RETURNED" if count.returned else "NOT_YET_DUE"
    numerator = Decimal(row[0])
    denominator = None if row[1] is None else Decimal(row[1])
    if len(row) > 2:
        if row[2] is None:
            return "NOT_YET_DUE"
        value = Decimal(row[2])
        if value == -1:
            return "NOT_REACHED"
    elif denominator is None:
        value = numerator
    elif not denominator:
        return "NOT_YET_DUE"
    else:
        value = numerator * count.scale / denominator
    return _words("VALUE" if value or count.zero else "NONE", value, numerator, denominator)


def _words(state: str, value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None) -> str:
    if value is None or numerator is None:
        return state
    under = "" if denominator is None else f" of {denominator:.2f}"
    # As precise as figures are stored, first: else half a millionth is rounded up of one and down of the other.
    return f"{state} {value.quantize(EXACT):.6f} ({numerator:.2f}{under})"


def _due(prison: str, period: Month | Quarter) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT opened_at FROM schemes_scheme WHERE prison_id = %s", [prison])
        row = cursor.fetchone()
    return bool(row and row[0] is not None and row[0] < period.ends_at)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [tuple(row) for row in cursor.fetchall()]
