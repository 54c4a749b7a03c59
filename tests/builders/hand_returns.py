"""Returns by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.dates import Quarter
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.hand_returns import return_by_hand
from monitoring.models import HandReturn
from monitoring.models.hand_return import COUNTS
from monitoring.queries.hand_returns import newest_of
from tests.cast import acts

LAST = Quarter(2026, 3)
NOTHING: dict[str, Any] = {"sort": "", "help_known": "", **dict.fromkeys(COUNTS)}


def typed(prison: Prison, by: User, now: datetime, quarter: Quarter = LAST, **said: Any) -> HandReturn:
    """What somebody of the national team was told by letter on that day: informal help, unless something is said."""
    values = {**NOTHING, "source": "LETTER", "source_on": now.date(), **(said or {"sort": "INFORMAL"})}
    with scoped(DatabaseRole.NATIONAL):
        last = newest_of(prison, quarter)
        values.setdefault("reason", "A letter came" if last else "")
        return return_by_hand(
            by=acts(by), now=now, prison=prison, quarter=quarter, version=last.version if last else 0, **values
        )
