"""What monitoring does when something changed below it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, parse_period
from buddyscheme.outbox.publish import MONTH_CHANGED
from buddyscheme.outbox.registry import handles
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.data_queries import look_for_queries
from monitoring.pay_lines import recount_between
from monitoring.queries.data_queries import open_periods
from monitoring.rollups import roll_up_around


@handles(MONTH_CHANGED)
def month_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Work out anew the prison-month named in the message, and the pay periods that reach into it."""
    month = parse_period(payload["month"])
    if not isinstance(month, Month):
        raise ValueError("a message about a month names a month")
    roll_up_around(prison_code, month)
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        # What was mended closes its query at once; new queries come with the closing of a month, and daily.
        for period in open_periods(prison_code, month):
            prison = Prison.objects.get(pk=prison_code)
            look_for_queries(by=Actor.system(), now=now, prison=prison, period=period)
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        recount_between(prison_code, month.first, month.last)
