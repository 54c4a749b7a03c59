"""Suspensions, removals and leaving: what is due, and what one buddy has behind them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy, StandDown

Kind = StandDown.Kind


def stand_downs_of(prison: Prison) -> QuerySet[StandDown]:
    """Every decision of the prison, newest first."""
    rows: QuerySet[StandDown] = StandDown.objects.for_prison(prison)
    rows = rows.select_related("buddy__person", "decided_by", "ended_by", "appeal_recorded_by", "appeal_decided_by")
    return rows.order_by("-decided_at", "-id")


def running(prison: Prison) -> QuerySet[StandDown]:
    """Suspensions that have not ended, the next review first."""
    rows = stand_downs_of(prison).filter(kind=Kind.SUSPENDED, ended_at__isnull=True)
    return rows.order_by("review_on", "id")


def review_due(prison: Prison, today: date) -> QuerySet[StandDown]:
    """Running suspensions whose day of review has come."""
    return running(prison).filter(review_on__lte=today)


def appeals_waiting(prison: Prison) -> QuerySet[StandDown]:
    """Appeals that somebody else has to decide about, oldest first."""
    rows = stand_downs_of(prison).filter(appeal=StandDown.Appeal.WAITING)
    return rows.order_by("appealed_on", "id")


def running_suspension(buddy: Buddy) -> StandDown | None:
    """The buddy's suspension that has not ended, if it was recorded with its particulars."""
    found: StandDown | None = StandDown.objects.filter(buddy=buddy, kind=Kind.SUSPENDED, ended_at__isnull=True).first()
    return found


def unpaid_days(buddy_ids: list[int], first: date, last: date) -> dict[int, list[tuple[date, date]]]:
    """For pay: periods between these days (both included) in which each buddy was suspended without pay."""
    rows = StandDown.objects.filter(buddy__in=buddy_ids, kind=Kind.SUSPENDED, paid=False, starts_on__lte=last)
    found: dict[int, list[tuple[date, date]]] = {pk: [] for pk in buddy_ids}
    for row in rows.order_by("starts_on", "id"):
        end = min(row.ended_on or last, last)
        if end >= first:
            found[row.buddy_id].append((max(row.starts_on, first), end))
    return found
