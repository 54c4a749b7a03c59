"""Writing messages. Ids only: no names, no words, no numbers of people."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from buddyscheme.lib.dates import month_of
from buddyscheme.outbox.models import Message

log = logging.getLogger(__name__)

MONTH_CHANGED = "month.changed"
_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def without_waking() -> Iterator[None]:
    """Messages of the block wait for the relay's own look: for loads that write thousands at once."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def wakes() -> bool:
    """Whether workers are woken here: false in a block `without_waking`."""
    return not _quiet.get()


def publish(topic: str, *, prison: str = "", key: str, not_before: datetime | None = None, **payload: Any) -> None:
    """Write one message in the running transaction and wake the relay after the commit.

    The wake-up may be lost (Redis down, process killed): the relay looks by itself every few seconds.
    """
    timing = {} if not_before is None else {"not_before": not_before}
    # bulk_create, because the plain one asks for the new row back and the row may be out of sight.
    Message.objects.bulk_create([Message(topic=topic, key=key, prison_code=prison, payload=payload, **timing)])
    if wakes() and not _woken():
        transaction.on_commit(_wake, robust=True)


def month_changed(prison: str, days: Iterable[date]) -> None:
    """Something in these days changed at a prison: its months are to be recomputed."""
    for month in sorted({f"{day:%Y-%m}" for day in days}):
        publish(MONTH_CHANGED, prison=prison, key=f"{prison}:{month}", month=month)


def months_changed(prison: str, first: date, last: date) -> None:
    """The same of every month from one day to another: what was open at the end of each of them has changed."""
    month, days = month_of(min(first, last)), []
    while month.first <= max(first, last):
        days.append(month.first)
        month = month.next()
    month_changed(prison, days)


def _woken() -> bool:
    """Whether the relay is woken already by whatever commits together with what is written now."""
    connection = transaction.get_connection()
    held = set(connection.savepoint_ids)
    return any(function is _wake and sids <= held for sids, function, *_ in connection.run_on_commit)


def _wake() -> None:
    if settings.TESTING and not getattr(settings, "OUTBOX_WAKES", False):
        return
    from buddyscheme.outbox.tasks import relay

    try:
        relay.apply_async(retry=False)
    except Exception:
        # The broker is away. Beat's relay finds the message as soon as it is back.
        log.warning("the broker did not take the wake-up; the message waits for the relay")
