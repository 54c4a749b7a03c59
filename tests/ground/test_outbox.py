"""The outbox: written with the change, handled once, however often it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from buddyscheme.outbox import registry, relay
from buddyscheme.outbox.models import Message
from buddyscheme.outbox.publish import month_changed, publish, without_waking
from buddyscheme.scope.transaction import DatabaseRole, scoped

pytestmark = [pytest.mark.django_db, pytest.mark.second_database]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a handler of the topic `test.topic` was given."""
    given: list[dict[str, Any]] = []
    monkeypatch.setitem(registry._handlers, "test.topic", [lambda prison, payload: given.append(payload)])
    return given


def test_a_message_goes_with_its_transaction() -> None:
    def fails() -> None:
        with transaction.atomic():
            publish("test.topic", key="k", number=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not Message.objects.exists()


def test_the_relay_is_woken_once_a_transaction_and_not_for_a_load(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("django.conf.settings.OUTBOX_WAKES", True, raising=False)
    monkeypatch.setattr("buddyscheme.outbox.tasks.relay.apply_async", lambda **_: woken.append("woken"))
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic(), without_waking():
        publish("test.topic", key="load", number=1)
    assert woken == []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for number in range(3):
            publish("test.topic", key="k", number=number)
    assert woken == ["woken"]


def test_misuse_31_a_message_is_sent_and_handled_once(
    seen: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    publish("test.topic", key="k", number=1)
    sent: list[int] = []
    with django_capture_on_commit_callbacks(execute=True), scoped(DatabaseRole.NATIONAL):
        relay.send_waiting(sent.append)
    assert len(sent) == 1
    with scoped(DatabaseRole.NATIONAL):
        assert relay.handle(sent[0])
        assert not relay.handle(sent[0])
    assert seen == [{"number": 1}]


def test_twins_are_handled_together(seen: list[dict[str, Any]]) -> None:
    for number in range(3):
        publish("test.topic", key="k", number=number)
    publish("test.topic", key="other", number=9)
    with scoped(DatabaseRole.NATIONAL):
        assert relay.drain() == 2
    assert len(seen) == 2


def test_a_handler_that_fails_leaves_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(prison: str, payload: dict[str, Any]) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(registry._handlers, "test.topic", [fails])
    publish("test.topic", key="k")
    message = Message.objects.get()
    with pytest.raises(ZeroDivisionError), scoped(DatabaseRole.NATIONAL):
        relay.handle(message.pk)
    assert Message.objects.get().handled_at is None


def test_misuse_30_a_message_sent_and_never_handled_is_sent_again(
    seen: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    publish("test.topic", key="k")
    sent: list[int] = []
    with django_capture_on_commit_callbacks(execute=True), scoped(DatabaseRole.NATIONAL):
        relay.send_waiting(sent.append)
        assert relay.send_waiting(sent.append) == 0
    Message.objects.update(sent_at="2020-01-01T00:00:00Z")
    with django_capture_on_commit_callbacks(execute=True), scoped(DatabaseRole.NATIONAL):
        assert relay.send_waiting(sent.append) == 1


def test_months_are_published_once_each() -> None:
    from datetime import date

    month_changed("ZTA", [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)])
    assert sorted(Message.objects.values_list("key", flat=True)) == ["ZTA:2026-10", "ZTA:2026-11"]
