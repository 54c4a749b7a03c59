"""Patterns, found by the search that runs every night. Run inside `with at_prison(here):`."""

from __future__ import annotations

from datetime import date, datetime

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from referrals.actions.patterns import find_patterns
from schemes.actions.regime import record_lock_down
from tests.cast import acts


def entered_for_a_lock_down(here: Prison, by: User, now: datetime, day: date) -> int:
    """The day's visits were entered in the last week, and now it turns out that nobody was unlocked that day."""
    record_lock_down(by=acts(by, here), now=now, prison=here, day=day, cause="SEARCH", reason="")
    return find_patterns(by=Actor.system(), now=now, prison=here)
