"""Letterboxes of monitoring."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today, month_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.api_keys import forget_turns
from monitoring.actions.data_queries import look_for_queries
from monitoring.actions.digests import make_digest
from monitoring.actions.extracts import expire_extracts
from monitoring.actions.release_requests import give_up_request
from monitoring.actions.reports import sweep_reports as sweep
from monitoring.digests import period_due
from monitoring.extracts.build import build
from monitoring.queries.data_queries import periods_to_look_at
from monitoring.queries.digests import readers
from monitoring.queries.extracts import waiting_to_be_built
from monitoring.queries.release_requests import overdue, waiting
from monitoring.release_making import make
from monitoring.rollups import roll_up_around

log = logging.getLogger(__name__)
# 122 prisons over three years.
LONGEST = {"soft_time_limit": 840, "time_limit": 900}
# 122 prisons of a quarter and its months, and every measure of them made safe.
LONGEST_RELEASE = {"soft_time_limit": 5400, "time_limit": 5460}


@shared_task
def roll_up_today() -> None:
    """Work the running month of every prison out anew: days of unmet care grow with no one typing."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        codes = list(Prison.objects.filter(switched_on=True).values_list("code", flat=True))
    for code in codes:
        roll_up_around(code, month_of(london_today(now)), now=now)


@shared_task
def make_digests() -> None:
    """Write up for every reader what changed in the last period that they chose, once."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        for reader in readers(london_today(now)):
            period = period_due(reader.wish.how_often, london_today(now))
            if period is not None:
                make_digest(by=Actor.system(), now=now, reader=reader, period=period)


@shared_task
def look_at_figures() -> None:
    """Look at the figures of every prison's last month and quarter by the rules, and again at what is open."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True).order_by("code"))
        for prison in prisons:
            for period in periods_to_look_at(prison, london_today(now)):
                look_for_queries(by=Actor.system(), now=now, prison=prison, period=period)


@shared_task
def sweep_reports() -> None:
    """Reports do not outlive their days. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        sweep(by=Actor.system(), now=timezone.now())


@shared_task
def forget_turns_of_programs() -> None:
    """Counts of a program's minute, and of wrong keys, do not outlive a day. Twice is harmless."""
    with scoped(DatabaseRole.NATIONAL):
        forget_turns(by=Actor.system(), now=timezone.now())


@shared_task(**LONGEST)
def build_extracts() -> None:
    """Whatever a worker left undone, or was not told about. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        waiting = waiting_to_be_built(timezone.now())
    for extract_id in waiting:
        try:
            build_extract(extract_id=extract_id)
        except Exception as error:
            # One that fails keeps no other waiting. The kind of fault only: its words may hold what somebody typed.
            log.error("extract %s failed with %s", extract_id, type(error).__name__)


@shared_task(**LONGEST)
def build_extract(*, extract_id: int) -> None:
    """Build one approved extract. Twice is harmless."""
    build(extract_id, timezone.now())


@shared_task
def sweep_extracts() -> None:
    """Files of extracts do not outlive their days. Runs again and again."""
    with scoped(DatabaseRole.NATIONAL):
        expire_extracts(by=Actor.system(), now=timezone.now())


@shared_task(**LONGEST_RELEASE)
def publish_what_waits() -> None:
    """A release that a worker left undone, or was not told about. Runs again and again."""
    now = timezone.now()
    with scoped(DatabaseRole.NATIONAL):
        for request_id in overdue(now).values_list("pk", flat=True):
            give_up_request(by=Actor.system(), now=now, request_id=request_id, fault="Overdue")
        left = list(waiting(now).values_list("pk", flat=True))
    for request_id in left:
        publish_asked(request_id=request_id)


@shared_task(**LONGEST_RELEASE)
def publish_asked(*, request_id: int) -> None:
    """Make one release that was asked for. Twice is harmless."""
    make(request_id, timezone.now())
