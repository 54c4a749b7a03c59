"""Patterns that last night's search found: one was looked at and dismissed, the others wait."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.actor import Actor
from buddyscheme.demo.teller import Teller
from referrals.actions.patterns import decide_pattern, find_patterns
from referrals.models import PatternHit
from referrals.queries.patterns import waiting

WORDS = "Helps two people who need most. The visits are on the unlock list, and both say that the help comes."


def leave_patterns(teller: Teller, now: datetime) -> None:
    """The rules look for themselves; where they find two or more, the deputy has looked at one."""
    find_patterns(by=Actor.system(), now=now, prison=teller.prison)
    found = list(waiting(teller.prison))
    if len(found) > 1:
        decide_pattern(
            by=teller.by("DEPUTY_LEAD"), now=now, hit=found[-1], decision=PatternHit.Decision.DISMISSED, words=WORDS
        )
