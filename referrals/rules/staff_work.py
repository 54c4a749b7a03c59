"""When a visit may be marked as work that staff or carers should do."""

from __future__ import annotations

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import StaffWorkMark, Visit


def check_can_mark(visit: Visit) -> None:
    """A buddy was there."""
    if visit.buddy_id is None or visit.outcome == Visit.Outcome.NOT_DONE:
        raise NotAllowed("No buddy made this visit, so there is nothing to mark.")


can_mark = twin(check_can_mark)


def check_mark(*, whose: str, words: str) -> None:
    """Whose work it was, and what."""
    if whose not in StaffWorkMark.Whose.values:
        raise NotAllowed("Select whose work it was.", field="whose")
    if not words.strip():
        raise NotAllowed("Enter what the buddy did.", field="words")
