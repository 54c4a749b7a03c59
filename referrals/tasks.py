"""Letterboxes of referrals."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.again import look_again
from referrals.actions.days import open_day
from referrals.actions.lock_downs import follow_lock_down
from schemes.queries.schemes import lock_downs_on


@shared_task
def open_the_day() -> None:
    """Open today for every prison that is switched on. Runs again and again: only what is missing is added."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True, closed=False).order_by("code"))
    for prison in prisons:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            open_day(by=Actor.system(), now=now, prison=prison, day=london_today(now))
            # A lock-down that was known before: its day has come.
            for lock_down in lock_downs_on(prison, london_today(now)).select_related("prison", "recorded_by"):
                follow_lock_down(by=Actor.staff(lock_down.recorded_by), now=now, lock_down=lock_down)


@shared_task
def look_again_at_matches() -> None:
    """Each night every running match is held to keep-apart records and alerts, whatever was missed by day."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True, closed=False).order_by("code"))
    for prison in prisons:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            look_again(by=Actor.system(), now=now, prison=prison)
