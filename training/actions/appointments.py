"""Appointing a buddy: the gate."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.lib.dates import london_today
from schemes.actions.buddies import activate
from schemes.models import Buddy, Post
from schemes.queries.buddies import locked
from schemes.rules.posts import AS_APPLIED, Unsaid
from training.queries.appointments import missing_of
from training.rules import appointments as rules


@transaction.atomic
def appoint(
    *, by: Actor, now: datetime, buddy: Buddy, started_on: date, post: Post | Unsaid | None = AS_APPLIED
) -> Buddy:
    """Start the buddy, once every clearance is in date, the compact signed and the mandatory modules passed.

    An approved take-over stands in for compact and modules until its date. Raises `NotAllowed` with everything
    that is missing. `post` as in `activate`: the place is taken under the lock of its post.
    """
    buddy, today = locked(buddy), london_today(now)
    rules.check_can_appoint(buddy, missing=missing_of(buddy, today))
    return activate(by=by, now=now, buddy=buddy, started_on=started_on, post=post)
