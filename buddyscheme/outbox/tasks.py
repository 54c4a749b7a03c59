"""Letterboxes of the outbox."""

from __future__ import annotations

from celery import shared_task

from buddyscheme.outbox import relay as outbox
from buddyscheme.scope.transaction import DatabaseRole, scoped


@shared_task
def relay() -> None:
    """Send what waits to the workers."""
    with scoped(DatabaseRole.NATIONAL):
        outbox.send_waiting(lambda message_id: handle.apply_async(kwargs={"message_id": message_id}, retry=False))


@shared_task
def handle(*, message_id: int) -> None:
    """Handle one message. Twice is harmless."""
    with scoped(DatabaseRole.NATIONAL):
        outbox.handle(message_id)
