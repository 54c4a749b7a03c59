"""Letterboxes of referrals: each runs again and again, and does only what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import drafts
from referrals.actions.again import look_again
from referrals.actions.days import open_day
from referrals.actions.interim import end_interim_help
from referrals.actions.lock_downs import follow_lock_down
from referrals.actions.patterns import find_patterns
from schemes.queries.schemes import lock_downs_on


def _at_each_prison(work: Callable[[Prison, datetime], object]) -> None:
    """For every prison that is switched on, in its own reach."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True, closed=False).order_by("code"))
    for prison in prisons:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            work(prison, now)


def _begin_the_day(prison: Prison, now: datetime) -> None:
    open_day(by=Actor.system(), now=now, prison=prison, day=london_today(now))
    # A lock-down that was known before: its day has come.
    for lock_down in lock_downs_on(prison, london_today(now)).select_related("prison", "recorded_by"):
        follow_lock_down(by=Actor.staff(lock_down.recorded_by), now=now, lock_down=lock_down)


@shared_task
def open_the_day() -> None:
    """Open today everywhere."""
    _at_each_prison(_begin_the_day)


@shared_task
def look_again_at_matches() -> None:
    """Each night every running match is held to keep-apart records and alerts, whatever was missed by day."""
    _at_each_prison(lambda prison, now: look_again(by=Actor.system(), now=now, prison=prison))


@shared_task
def purge_terminal_drafts() -> None:
    """Each night, what was half filled in at terminals the day before is deleted."""
    _at_each_prison(lambda prison, now: drafts.purge(prison, london_today(now)))


@shared_task
def end_interim_help_everywhere() -> None:
    """End interim help whose last day is over."""
    _at_each_prison(lambda prison, now: end_interim_help(by=Actor.system(), now=now, prison=prison))


@shared_task
def look_for_patterns() -> None:
    """Each night, keep what the rules find for somebody to look at."""
    _at_each_prison(lambda prison, now: find_patterns(by=Actor.system(), now=now, prison=prison))
