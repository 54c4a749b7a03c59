"""Releases: asked for by who may publish, made by a worker, and ended with a release or with the sentence why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.actions.releases import correct_release, publish_release, publish_year
from monitoring.models import Release, ReleaseRequest
from monitoring.queries.release_requests import at_work, overdue
from monitoring.queries.releases import prisons_in
from monitoring.release_checks import changes_to_correct, kind_of, prisons_to_publish
from monitoring.rules.release_requests import check_none_at_work
from monitoring.rules.releases import check_reason
from monitoring.waking import wake
from monitoring.working_out import WorkedOut

Kind, State = ReleaseRequest.Kind, ReleaseRequest.State


@transaction.atomic
def ask_release(*, by: Actor, now: datetime, period: Quarter | Year, note: str = "") -> ReleaseRequest:
    """Have a quarter or a year published by a worker, within minutes. Refused now where it would be refused then."""
    with scoped(DatabaseRole.NATIONAL):
        codes = prisons_to_publish(period, now=now)
        return _asked(by, now, kind=kind_of(period).value, period=period.code, note=note.strip(), of=len(codes))


@transaction.atomic
def ask_correction(*, by: Actor, now: datetime, release: Release, reason: str) -> ReleaseRequest:
    """Have a release's period published again, with the reason. Refused now where it would be refused then."""
    check_reason(reason)
    with scoped(DatabaseRole.NATIONAL):
        changes_to_correct(release)
        which = {"kind": Kind.CORRECTION, "period": release.period, "replaces": release, "reason": reason.strip()}
        return _asked(by, now, **which, of=len(prisons_in(release)))


def _asked(by: Actor, now: datetime, **which: Any) -> ReleaseRequest:
    one_at_a_time("release requests")
    for old in overdue(now):
        _give_up(old, Actor.system(), now, fault="Overdue")
    running = at_work()
    check_none_at_work("" if running is None else running.what)
    request: ReleaseRequest = ReleaseRequest.objects.create(asked_at=now, asked_by=by.user, **which)
    record(Event.RELEASE_ASKED, by=by, subject=request, kind=request.kind, period=request.period)
    wake("publish_asked", request_id=request.pk)
    return request


@transaction.atomic
def publish_request(*, by: Actor, now: datetime, request_id: int, ready: WorkedOut) -> Release | None:
    """Publish what a worker has worked out. None where the request has its end already, or another worker ends it.

    Raises `NotAllowed` as `publish_release` does, and then nothing is stored.
    """
    with scoped(DatabaseRole.NATIONAL):
        request = _locked(request_id)
        if request is None:
            return None
        if request.replaces is not None:
            release = correct_release(by=by, now=ready.at, release=request.replaces, reason=request.reason, ready=ready)
        elif isinstance(request.time, Year):
            release = publish_year(by=by, now=ready.at, year=request.time, note=request.note, ready=ready)
        else:
            release = publish_release(by=by, now=ready.at, quarter=request.time, note=request.note, ready=ready)
        request.state, request.release, request.finished_at = State.DONE, release, now
        request.save(update_fields=["state", "release", "finished_at"])
    return release


@transaction.atomic
def refuse_request(*, by: Actor, now: datetime, request_id: int, words: str) -> ReleaseRequest | None:
    """Keep the sentence with which it was refused. The words stay out of the audit: they may name a small number."""
    with scoped(DatabaseRole.NATIONAL):
        request = _locked(request_id)
        if request is not None:
            request.state, request.words, request.finished_at = State.REFUSED, words, now
            request.save(update_fields=["state", "words", "finished_at"])
            record(Event.RELEASE_REFUSED, by=by, subject=request, kind=request.kind, period=request.period)
    return request


@transaction.atomic
def give_up_request(*, by: Actor, now: datetime, request_id: int, fault: str) -> ReleaseRequest | None:
    """Say that it could not be made, so that nobody waits for nothing. `fault` names the kind of error."""
    with scoped(DatabaseRole.NATIONAL):
        request = _locked(request_id)
        if request is not None:
            _give_up(request, by, now, fault=fault)
    return request


def _give_up(request: ReleaseRequest, by: Actor, now: datetime, *, fault: str) -> None:
    request.state, request.finished_at = State.FAILED, now
    request.save(update_fields=["state", "finished_at"])
    record(Event.RELEASE_FAILED, by=by, subject=request, kind=request.kind, period=request.period, fault=fault)


def _locked(request_id: int) -> ReleaseRequest | None:
    """The request while it has no end and no other worker is ending it."""
    rows = ReleaseRequest.objects.select_for_update(skip_locked=True, of=("self",)).select_related("replaces")
    return rows.filter(pk=request_id, finished_at__isnull=True).first()
