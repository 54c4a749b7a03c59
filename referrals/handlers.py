"""What this app does when something changed below it. Each is safe to run twice."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.registry import handles
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import follow_custody, open_day, release_buddy
from schemes.actions.keep_apart import KEEP_APART_CHANGED
from schemes.actions.people import CUSTODY_ENDED
from schemes.models import Buddy, Custody


@handles("buddy.stopped")
def buddy_stopped(prison_code: str, payload: dict[str, Any]) -> None:
    """Visits of a buddy who was suspended, left or is no longer cleared: from today they are not theirs."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        buddy = Buddy.objects.for_prison(prison_code).get(pk=payload["buddy_id"])
        release_buddy(by=Actor.system(), now=timezone.now(), buddy=buddy)


@handles(CUSTODY_ENDED)
def custody_ended(prison_code: str, payload: dict[str, Any]) -> None:
    """Somebody has left the prison."""
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        custody = Custody.objects.for_prison(prison_code).get(pk=payload["custody"])
        follow_custody(by=Actor.system(), now=timezone.now(), custody=custody)


@handles(KEEP_APART_CHANGED)
def keep_apart_changed(prison_code: str, payload: dict[str, Any]) -> None:
    """Two people must not meet any more: today's visits follow at once, not at the timer's next look."""
    now = timezone.now()
    with scoped(DatabaseRole.WEB, prisons=[prison_code]):
        prison = Prison.objects.get(code=prison_code)
        open_day(by=Actor.system(), now=now, prison=prison, day=london_today(now))
