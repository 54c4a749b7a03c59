"""Buddies who moved, and their records to the next prison. Each runs in the reach of the prison that acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from buddyscheme.accounts.models import Prison, User
from referrals.actions.packs import send_pack
from referrals.models import BuddyPack
from schemes.actions.people import end_custody
from schemes.models import Buddy
from schemes.queries.people import custody_of
from tests.builders import buddies
from tests.cast import acts


def moved_buddy(prison: Prison, lead: User, now: datetime, **fields: Any) -> Buddy:
    """A buddy who came the whole way and then left for another prison."""
    return left(buddies.active_buddy(prison, lead, now, **fields), lead, now)


def left(buddy: Buddy, lead: User, now: datetime) -> Buddy:
    """The person is off the prison's list."""
    custody = custody_of(buddy.prison, buddy.person)
    assert custody is not None
    end_custody(by=acts(lead, buddy.prison), now=now, custody=custody, reason="TRANSFER")
    return buddies.fresh(buddy)


def pack_sent(prison: Prison, lead: User, to: Prison, now: datetime, **fields: Any) -> BuddyPack:
    """The record of such a buddy, sent."""
    return send_pack(by=acts(lead, prison), now=now, buddy=moved_buddy(prison, lead, now, **fields), to=to)
