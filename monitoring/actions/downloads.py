"""The file of a large release: asked for by its first reader, made by a worker, kept for the next ones."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.outbox.publish import publish
from monitoring.exports.bundles import release_bundle
from monitoring.models import Release, ReleaseFile
from monitoring.queries.downloads import words_version

FILE_ASKED = "release.file_asked"
State = ReleaseFile.State


@transaction.atomic
def ask_for_file(*, by: Actor, now: datetime, release: Release) -> ReleaseFile:
    """Have the file made, unless it is there or on its way; one that could not be made is tried again."""
    file, made = ReleaseFile.objects.get_or_create(
        release=release, words_version=words_version(), defaults={"asked_at": now}
    )
    file = ReleaseFile.objects.select_for_update().get(pk=file.pk)
    if made or file.state == State.FAILED:
        file.state, file.asked_at = State.ASKED, now
        file.save(update_fields=["state", "asked_at"])
        record(Event.RELEASE_FILE_ASKED, by=by, subject=release)
        publish(FILE_ASKED, key=f"{FILE_ASKED}:{file.pk}", file_id=file.pk)
    return file


@transaction.atomic
def make_file(*, by: Actor, now: datetime, file_id: int) -> ReleaseFile | None:
    """Make it, and delete those with older words. None where nothing is to be made. Run in the national role."""
    file = _locked(file_id)
    if file is None:
        return None
    bundle = release_bundle(file.release, now=now)
    file.content, file.rows = bundle.content, bundle.rows
    file.state, file.made_at = State.READY, now
    file.save(update_fields=["content", "rows", "state", "made_at"])
    ReleaseFile.objects.filter(release=file.release, words_version__lt=file.words_version).delete()
    record(Event.RELEASE_FILE_MADE, by=by, subject=file.release, rows=file.rows)
    return file


@transaction.atomic
def give_up_file(*, by: Actor, now: datetime, file_id: int, fault: str) -> ReleaseFile | None:
    """Say that it could not be made. `fault` names the kind of error."""
    file = _locked(file_id)
    if file is None:
        return None
    file.state = State.FAILED
    file.save(update_fields=["state"])
    record(Event.RELEASE_FILE_FAILED, by=by, subject=file.release, fault=fault)
    return file


def _locked(file_id: int) -> ReleaseFile | None:
    rows = ReleaseFile.objects.select_for_update(skip_locked=True, of=("self",)).select_related("release__replaces")
    return rows.filter(pk=file_id, state=State.ASKED).first()
