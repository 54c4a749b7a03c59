"""Releases that were asked for: one of them, those that a list shows, those that wait for a worker."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from monitoring.models import ReleaseRequest
from monitoring.rules.release_requests import GIVEN_UP_AFTER, QUIET_FOR

LISTED_FOR = timedelta(days=30)


def request_by(token: str) -> ReleaseRequest | None:
    """One of them by its token, or None."""
    rows = ReleaseRequest.objects.select_related("asked_by", "release", "replaces")
    return rows.filter(token=token).first()


def not_out(now: datetime) -> list[ReleaseRequest]:
    """What is being made, and what was not published when it was asked for last, in a month; the newest first."""
    rows = ReleaseRequest.objects.filter(asked_at__gt=now - LISTED_FOR).select_related("asked_by")
    newest = rows.order_by("period", "-asked_at", "-id").distinct("period")
    found = [each for each in newest if each.state != ReleaseRequest.State.DONE]
    return sorted(found, key=lambda each: (each.asked_at, each.pk), reverse=True)


def at_work() -> ReleaseRequest | None:
    """The one that is being made."""
    return ReleaseRequest.objects.filter(finished_at__isnull=True).first()


def waiting(now: datetime) -> QuerySet[ReleaseRequest]:
    """What no worker has in hand, or one that has been quiet for too long."""
    rows = ReleaseRequest.objects.filter(finished_at__isnull=True)
    return rows.filter(Q(heard_at__isnull=True) | Q(heard_at__lt=now - QUIET_FOR))


def overdue(now: datetime) -> QuerySet[ReleaseRequest]:
    """What nobody waits for any longer."""
    return waiting(now).filter(asked_at__lt=now - GIVEN_UP_AFTER)
