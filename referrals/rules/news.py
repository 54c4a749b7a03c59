"""What a buddy hears from a person first, and when that may be recorded."""

from __future__ import annotations

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import BuddyNews
from schemes.models import Custody, StandDown

Event = BuddyNews.Event

OF_LEAVING: dict[str, str] = {Custody.EndReason.DEATH: Event.DEATH}
"""Any other way of leaving is `Event.LEFT`."""
OF_STAND_DOWN: dict[str, str] = {
    StandDown.Kind.SUSPENDED: Event.SUSPENDED,
    StandDown.Kind.REMOVED: Event.REMOVED,
}
"""Who leaves by their own wish knows."""


def check_can_tell(news: BuddyNews) -> None:
    """Recorded once."""
    if news.told_at is not None:
        raise NotAllowed("It is already recorded that they were told.")


can_tell = twin(check_can_tell)
