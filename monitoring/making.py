"""Making reports and files, one step a message: what a worker left undone is gone on with, and nobody waits in vain."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.outbox.registry import handles
from monitoring.actions.downloads import FILE_ASKED, give_up_file, make_file
from monitoring.actions.reports import ASKED, WRITTEN, give_up_report, set_report, write_report

log = logging.getLogger(__name__)


@handles(ASKED)
def report_asked(prison_code: str, payload: dict[str, Any]) -> None:
    """Write the report named in the message."""
    _make(write_report, give_up_report, report_id=payload["report_id"])


@handles(WRITTEN)
def report_written(prison_code: str, payload: dict[str, Any]) -> None:
    """Set it as PDF."""
    _make(set_report, give_up_report, report_id=payload["report_id"])


@handles(FILE_ASKED)
def file_asked(prison_code: str, payload: dict[str, Any]) -> None:
    """Make the files of the release named in the message."""
    _make(make_file, give_up_file, file_id=payload["file_id"])


def _make(step: Callable[..., object], give_up: Callable[..., object], **which: int) -> None:
    now, by = timezone.now(), Actor.system()
    try:
        with transaction.atomic():
            step(by=by, now=now, **which)
    except Exception as error:
        # The same figures would fail again. The kind of fault only: its words may hold anything.
        fault = type(error).__name__
        log.error("%s %s failed: %s", step.__name__, which, fault)
        give_up(by=by, now=now, **which, fault=fault)
