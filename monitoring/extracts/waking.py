"""Telling a worker that an extract waits. The word may be lost: the workers look by themselves every few seconds."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from monitoring.models import Extract

log = logging.getLogger(__name__)


def wake(extract: Extract) -> None:
    """After the commit."""
    extract_id = extract.pk
    transaction.on_commit(lambda: _send(extract_id), robust=True)


def _send(extract_id: int) -> None:
    if settings.TESTING and not getattr(settings, "OUTBOX_WAKES", False):
        return
    from monitoring.tasks import build_extract

    try:
        build_extract.apply_async(kwargs={"extract_id": extract_id}, retry=False)
    except Exception:
        log.warning("the broker did not take the wake-up; the extract waits for the next look")
