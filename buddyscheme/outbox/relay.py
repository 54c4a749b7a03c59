"""Sending what was published, and handling it once.

Written, sent, handled are three steps with a crash possible between any two: an unsent message is found by the
next look, a sent one that nobody handled is sent again, and a handler's writes commit together with its mark.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from buddyscheme.outbox.models import Message
from buddyscheme.outbox.registry import handlers_of

BATCH = 200
RESEND_AFTER = timedelta(seconds=60)


def send_waiting(send: Callable[[int], None]) -> int:
    """Mark and send what waits, one message for each (topic, key). Run in the national role. Returns how many."""
    now = timezone.now()
    waiting = (
        Message.objects.select_for_update(skip_locked=True)
        .filter(
            Q(sent_at__isnull=True) | Q(sent_at__lt=now - RESEND_AFTER), handled_at__isnull=True, not_before__lte=now
        )
        .order_by("id")[:BATCH]
    )
    rows = list(waiting)
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        first.setdefault((row.topic, row.key), row.pk)
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now, attempts=F("attempts") + 1)

    def send_all() -> None:
        for pk in first.values():
            send(pk)

    transaction.on_commit(send_all)
    return len(first)


def handle(message_id: int) -> bool:
    """Run the handlers of a message and of its twins waiting now, once. False when it was done already.

    The twins are read before the handlers run: what commits later is not among them and has a message of its own.
    """
    message = Message.objects.select_for_update(skip_locked=True).filter(pk=message_id, handled_at__isnull=True).first()
    if message is None:
        return False
    twins = list(
        Message.objects.filter(topic=message.topic, key=message.key, handled_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    for handler in handlers_of(message.topic):
        handler(message.prison_code, message.payload)
    Message.objects.filter(pk__in=twins).update(handled_at=timezone.now())
    return True


def drain() -> int:
    """Handle everything that waits, here and now, without a broker. For the demonstration and tests."""
    count = 0
    while message := Message.objects.filter(handled_at__isnull=True).order_by("id").first():
        handle(message.pk)
        count += 1
    return count


def oldest_waiting_seconds() -> int:
    """Age of the oldest message that is due and not handled; nought when there is none."""
    oldest = Message.objects.filter(handled_at__isnull=True, not_before__lte=timezone.now()).order_by("id").first()
    return int((timezone.now() - oldest.created_at).total_seconds()) if oldest else 0
