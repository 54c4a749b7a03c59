"""Hours for the scheme, entered by the action that the page calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import london_today, week_of
from schemes.actions.protected_time import enter_week
from tests.cast import acts


def week_entered(
    here: Prison, lead: User, now: datetime, *, back: int = 0, planned: str = "10", worked: str | None = "7.5"
) -> None:
    """The lead's own hours of this week, or of so many weeks back."""
    monday = week_of(london_today(now)).first - timedelta(weeks=back)
    hours = [(lead, Decimal(planned), None if worked is None else Decimal(worked))]
    enter_week(by=acts(lead, here), now=now, prison=here, monday=monday, hours=hours)
