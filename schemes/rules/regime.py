"""When a lock-down may be recorded, and what a bank holiday's regime may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.errors import NotAllowed
from schemes.models import LockDown, Session
from schemes.rules.schemes import check_regime

# Session, unlock, lock-up.
HolidayRow = tuple[str, time, time]

# Older days belong to months that may be closed; a planned lock-down is seldom known further ahead.
DAYS_BACK = 35
DAYS_AHEAD = 28


def check_can_record_lock_down(
    prison: Prison, day: date, wing: Wing | None, session: str, cause: str, reason: str, *, today: date, recorded: bool
) -> None:
    """A near day, a wing of this prison, a known session, a reason; once."""
    if not today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD):
        raise NotAllowed(f"Enter a day from {DAYS_BACK} days ago to {DAYS_AHEAD} days ahead.", field="day")
    if wing is not None and wing.prison_id != prison.pk:
        raise NotAllowed("Select a wing of this prison.", field="wing")
    if session and session not in Session.values:
        raise NotAllowed("Select a session from the list.", field="session")
    if cause not in LockDown.Cause.values:
        raise NotAllowed("Select why people were not unlocked.", field="cause")
    if cause == LockDown.Cause.OTHER and not reason.strip():
        raise NotAllowed("Enter why people were not unlocked.", field="reason")
    if recorded:
        raise NotAllowed("This lock-down is on record already.")


def check_can_set_holiday(like_weekday: int | None, times: Sequence[HolidayRow]) -> None:
    """A weekday, or times that follow one another."""
    if like_weekday is None:
        check_regime([(0, *row) for row in times])
    elif not 0 <= like_weekday <= 6:
        raise NotAllowed("Select which day’s times count on a bank holiday.", field="like")
