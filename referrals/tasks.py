"""Letterboxes of referrals."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals.actions.days import open_day
from referrals.actions.interim import end_interim_help


@shared_task
def open_the_day() -> None:
    """Open today for every prison that is switched on. Runs again and again: only what is missing is added."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True, closed=False).order_by("code"))
    for prison in prisons:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            open_day(by=Actor.system(), now=now, prison=prison, day=london_today(now))


@shared_task
def end_interim_help_everywhere() -> None:
    """End interim help whose last day is over, at every prison that is switched on. Runs again and again."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True, closed=False).order_by("code"))
    for prison in prisons:
        with scoped(DatabaseRole.WEB, prisons=[prison.code]):
            end_interim_help(by=Actor.system(), now=now, prison=prison)
