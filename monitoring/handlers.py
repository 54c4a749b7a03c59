"""What monitoring does when something changed below it."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import Month, parse_period
from buddyscheme.outbox.publish import MONTH_CHANGED
from buddyscheme.outbox.registry import handles
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.pay_lines import recount_between
from monitoring.rollups import roll_up_around


@handles(MONTH_CHANGED)
def month_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Work out anew the prison-month named in the message, and the pay periods that reach into it."""
    month = parse_period(payload["month"])
    if not isinstance(month, Month):
        raise ValueError("a message about a month names a month")
    roll_up_around(prison_code, month)
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        recount_between(prison_code, month.first, month.last)
