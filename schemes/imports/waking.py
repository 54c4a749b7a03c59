"""Telling a worker that an import waits. The word may be lost: the workers look by themselves every few seconds."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from buddyscheme.outbox.publish import wakes
from schemes.models import ImportFile

log = logging.getLogger(__name__)


def wake(file: ImportFile) -> None:
    """After the commit."""
    import_id = file.pk
    if wakes():
        transaction.on_commit(lambda: _send(import_id), robust=True)


def _send(import_id: int) -> None:
    if settings.TESTING and not getattr(settings, "OUTBOX_WAKES", False):
        return
    from schemes.tasks import go_on_with_import

    try:
        go_on_with_import.apply_async(kwargs={"import_id": import_id}, retry=False)
    except Exception:
        log.warning("the broker did not take the wake-up; the import waits for the next look")
