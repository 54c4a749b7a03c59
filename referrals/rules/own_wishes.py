"""What somebody who is helped may say about it at the terminal."""

from __future__ import annotations

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import OwnWish, Plan

# So many that nobody has looked at: more would say no more.
MOST_WAITING = 10


def check_can_say(plan: Plan | None, *, waiting: int) -> None:
    """Help runs, and staff have not been told the same many times already."""
    if plan is None or plan.status != Plan.Status.ACTIVE:
        raise NotAllowed("There is no help from a buddy now.")
    if waiting >= MOST_WAITING:
        raise NotAllowed("Staff look first at what was said before.")


def check_can_look(wish: OwnWish) -> None:
    """Once."""
    if wish.seen_at is not None:
        raise NotAllowed("Somebody has looked at this already.")


can_look = twin(check_can_look)
