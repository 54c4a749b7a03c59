"""Telling a worker that something waits. The word may be lost: the workers look by themselves every few seconds."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)


def wake(task: str, **which: int) -> None:
    """After the commit, hand ids to a task of `monitoring.tasks` by its name."""
    transaction.on_commit(lambda: _send(task, which), robust=True)


def _send(task: str, which: dict[str, int]) -> None:
    if settings.TESTING and not getattr(settings, "OUTBOX_WAKES", False):
        return
    from monitoring import tasks

    try:
        getattr(tasks, task).apply_async(kwargs=which, retry=False)
    except Exception:
        log.warning("the broker did not take the wake-up; %s waits for the next look", which)
