"""Making a release that was asked for: worked out with how far it is, then stored in one go.

What is worked out lives in this function's memory until it is stored. A worker that dies leaves nothing behind but its
last sign of life; the next one begins again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.queries.staff import acting_at
from buddyscheme.accounts.roles import permissions_of
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.actions.release_requests import give_up_request, publish_request, refuse_request
from monitoring.models import ReleaseRequest
from monitoring.queries.release_requests import waiting
from monitoring.queries.releases import prisons_in
from monitoring.release_checks import prisons_to_publish
from monitoring.rules.release_requests import check_still_may
from monitoring.working_out import Told, worked_out

log = logging.getLogger(__name__)


def make(request_id: int, now: datetime) -> None:
    """Make one release from start to end. Twice is harmless: whoever comes second finds nothing to do."""
    if not _taken(request_id, now):
        return
    system = Actor.system()
    try:
        by, codes, request = _begun(request_id, now)
        ready = worked_out(codes, request.time, now=now, replaces=request.replaces, told=_telling(request_id))
        publish_request(by=by, now=timezone.now(), request_id=request_id, ready=ready)
    except NotAllowed as error:
        refuse_request(by=system, now=timezone.now(), request_id=request_id, words=str(error))
    except Exception as error:
        # The same figures would fail again. The kind of fault only: its words may hold anything.
        fault = type(error).__name__
        log.error("release request %s failed with %s", request_id, fault)
        give_up_request(by=system, now=timezone.now(), request_id=request_id, fault=fault)


def _taken(request_id: int, now: datetime) -> bool:
    """Whether this worker is the one that makes it: not when another one is alive, or it has its end."""
    with scoped(DatabaseRole.NATIONAL):
        return bool(waiting(now).filter(pk=request_id).update(heard_at=now))


def _begun(request_id: int, now: datetime) -> tuple[Actor, list[str], ReleaseRequest]:
    """Whoever asked, with the roles that they hold today, and the prisons to read."""
    today = london_today(now)
    with scoped(DatabaseRole.NATIONAL):
        request = ReleaseRequest.objects.select_related("asked_by", "replaces").get(pk=request_id)
        by = acting_at(None, request.asked_by, on=today)
        check_still_may(Permission.NATIONAL_RELEASES_PUBLISH in permissions_of(list(by.roles)))
        if request.replaces is not None:
            return by, sorted(each.code for each in prisons_in(request.replaces)), request
        return by, prisons_to_publish(request.time, now=now), request


def _telling(request_id: int) -> Told:
    def tell(step: str, done: int, of: int) -> None:
        """In a transaction of its own, so that the page sees it."""
        with scoped(DatabaseRole.NATIONAL):
            ReleaseRequest.objects.filter(pk=request_id, finished_at__isnull=True).update(
                state=step, done=done, of=of, heard_at=timezone.now()
            )

    return tell
