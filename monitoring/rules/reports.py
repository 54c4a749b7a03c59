"""When a report may be asked for, and how long it is kept."""

from __future__ import annotations

from datetime import timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin

KEPT = timedelta(days=7)


def check_can_ask(*, is_in: bool, at_work: bool) -> None:
    """The release says something of the prison, and no report of it is being made for the same reader."""
    if not is_in:
        raise NotAllowed("This release holds no figure of this prison. Choose another release.")
    if at_work:
        raise NotAllowed("This report is being made for you already. Open it from your reports.")


can_ask = twin(check_can_ask)
