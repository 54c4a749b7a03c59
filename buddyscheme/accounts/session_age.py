"""How long a staff session lasts: an hour without a request, twelve hours in all, with a warning before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

BEGAN = "began_at"
# How long before the end the page warns.
WARN_SECONDS = 5 * 60


@dataclass(frozen=True)
class Left:
    """Seconds until the session ends if nothing more is asked for; `last`: asking does not put it off."""

    seconds: int
    last: bool
    warn: int = WARN_SECONDS


def age(session: SessionBase, now: datetime) -> int:
    """Seconds since sign-in. The first question after it begins the count."""
    began: int = session.setdefault(BEGAN, int(now.timestamp()))
    return int(now.timestamp()) - began


def is_too_old(session: SessionBase, now: datetime) -> bool:
    """Over the longest time, however busy it was."""
    return age(session, now) > settings.SESSION_ABSOLUTE_AGE


def left(session: SessionBase, now: datetime) -> Left:
    """What is left from this request on, which itself has put the end off as far as it goes."""
    whole = max(0, settings.SESSION_ABSOLUTE_AGE - age(session, now))
    return Left(min(settings.SESSION_COOKIE_AGE, whole), last=whole <= settings.SESSION_COOKIE_AGE)
