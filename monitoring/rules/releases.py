"""When a quarter may be published."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def check_can_publish(quarter: Quarter, *, today: date, published: bool) -> None:
    """A quarter is published once, after its last day. A correction will be a release of its own."""
    if quarter.last >= today:
        raise NotAllowed(f"{quarter} is still running. It can be published from {quarter.next().first:%-d %B %Y}.")
    if published:
        raise NotAllowed(f"{quarter} is published already. Open it from the list of releases.")


can_publish = twin(check_can_publish)
