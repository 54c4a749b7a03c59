"""Counting a period's lines afresh from visits, classes, bands and rates. Safe to run twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.accounts.models import Prison
from monitoring.models import PayLine, PayPeriod
from monitoring.pay_sums import expected_pay, one_session_rate
from monitoring.queries.pay import Facts, facts_of, locked_period, rates_by_band
from monitoring.rules.pay import state_of

COUNTED = (
    *("band", "sessions", "class_sessions", "suspended_days", "unpaid_days"),
    *("session_pence", "expected_pence", "state"),
)


def recount(period: PayPeriod) -> int:
    """Bring every line in step; returns how many were added or changed.

    Once amounts are recorded, a line keeps the band that it was compared in: a later post is no reason for a
    difference in an old period. A band that was missing is filled in.
    """
    period = locked_period(period)
    facts, rates = facts_of(period), rates_by_band(period.prison)
    lines = {line.buddy_id: line for line in PayLine.objects.select_for_update().filter(period=period).order_by("id")}
    added: list[PayLine] = []
    changed: list[PayLine] = []
    for buddy in sorted({*facts.bands, *lines}):
        line = lines.get(buddy) or PayLine(prison_id=period.prison_id, period=period, buddy_id=buddy)
        band = line.band if period.recorded_at is not None and line.band is not None else facts.bands.get(buddy)
        values = _counted(period, facts, buddy, band, rates.get(band or 0, []))
        if line.pk is not None and all(getattr(line, name) == value for name, value in values.items()):
            continue
        put(line, values, recorded=period.recorded_at is not None)
        (added if line.pk is None else changed).append(line)
    PayLine.objects.bulk_create(added)
    PayLine.objects.bulk_update(changed, [*COUNTED, "version"])
    return len(added) + len(changed)


def _counted(period: PayPeriod, facts: Facts, buddy: int, band: int | None, rates: Any) -> dict[str, Any]:
    worked = facts.worked(buddy)
    expected = expected_pay(worked, rates)
    return {
        "band": band,
        "sessions": expected.sessions,
        "class_sessions": facts.only_classes(buddy),
        "suspended_days": len(facts.suspended.get(buddy, ())),
        "unpaid_days": len(facts.without_pay(buddy)),
        "session_pence": one_session_rate(rates, period.first_day, period.last_day),
        "expected_pence": expected.pence,
    }


def put(line: PayLine, values: dict[str, Any], *, recorded: bool) -> None:
    """Set values of a line, with the state that follows; another amount makes another version. Not saved."""
    before = (line.expected_pence, line.recorded_pence)
    for name, value in values.items():
        setattr(line, name, value)
    line.state = state_of(line, recorded=recorded)
    if line.pk is not None and (line.expected_pence, line.recorded_pence) != before:
        line.version += 1


def recount_between(prison: Prison | str, first: date, last: date | None = None) -> int:
    """Count all periods afresh that hold a day from `first` to `last`."""
    rows = PayPeriod.objects.for_prison(prison).filter(last_day__gte=first)
    if last is not None:
        rows = rows.filter(first_day__lte=last)
    return sum(recount(period) for period in rows.order_by("first_day", "id"))
