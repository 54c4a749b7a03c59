"""When a month may be closed."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.dates import Month
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def check_can_close_month(month: Month, *, today: date, closed: bool, opened_on: date | None) -> None:
    """A month is closed once, after its last day, at a prison whose scheme was open in it."""
    if opened_on is None or opened_on > month.last:
        raise NotAllowed(f"The scheme was not open in {month}, so there is nothing to close.")
    if closed:
        raise NotAllowed(f"{month} is closed already. Later corrections still reach its figures.")
    if month.last >= today:
        raise NotAllowed(f"{month} is still running. Close it from {month.next().first:%-d %B %Y}.")


can_close_month = twin(check_can_close_month)
