"""Closing a month."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Month, london_today
from buddyscheme.outbox.publish import month_changed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.data_queries import look_for_queries
from monitoring.models import MonthClose
from monitoring.queries.figures import opened_on
from monitoring.rollups import roll_up_around
from monitoring.rules.months import check_can_close_month


@transaction.atomic
def close_month(*, by: Actor, now: datetime, prison: Prison, month: Month) -> MonthClose:
    """The lead signs the month off. A month closed with nothing recorded says so: that is a return of none."""
    closed = MonthClose.objects.for_prison(prison).filter(month=month.first).exists()
    check_can_close_month(month, today=london_today(now), closed=closed, opened_on=opened_on(prison))
    close = MonthClose.objects.create(prison=prison, month=month.first, closed_at=now, closed_by=by.user)
    roll_up_around(prison.code, month, now=now)
    with scoped(DatabaseRole.NATIONAL):
        for period in (month, month.quarter):
            look_for_queries(by=Actor.system(), now=now, prison=prison, period=period)
    record(Event.MONTH_CLOSED, by=by, prison=prison.code, subject=close, month=month.code)
    month_changed(prison.code, [month.first])
    return close
