"""Letterboxes of monitoring."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today, month_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.rollups import roll_up_around


@shared_task
def roll_up_today() -> None:
    """Work the running month of every prison out anew: days of unmet care grow with no one typing."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        codes = list(Prison.objects.filter(switched_on=True).values_list("code", flat=True))
    for code in codes:
        roll_up_around(code, month_of(london_today(now)), now=now)
