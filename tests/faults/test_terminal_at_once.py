"""The same press at the terminal twenty times at once, and a task that several workers take up together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox import tasks
from buddyscheme.outbox.models import Message
from buddyscheme.scope.models import Submission
from buddyscheme.scope.transaction import DatabaseRole, scoped
from referrals import handlers
from referrals.models import Concern, DangerCall, Visit, WelfareCheck
from tests.terminal.test_tell_staff import own_address

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE, WORKERS = 20, 4
THANKS = (302, "/terminal/thanks/")


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Each in a thread and a connection of its own, all begun together."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def posts(client: Client, address: str, forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    """The browser of the wing sends these at once; what came back."""

    def post(data: dict[str, str]) -> tuple[int, str]:
        tab = Client()
        tab.cookies = client.cookies
        answer = tab.post(address, data)
        return answer.status_code, answer.headers.get("Location", "")

    return at_once([lambda data=data: post(data) for data in forms])


def test_misuse_11_a_visit_sent_twenty_times_at_once_is_saved_once_with_what_was_told(scene) -> None:
    client = scene.inside()
    form = {"a": "1", "b": "2", "t": "6", "o": "2", "key": "k"}
    answers = posts(client, f"/terminal/visit/{scene.planned.token}/", [form] * AT_ONCE)
    assert set(answers) == {THANKS}
    kept = (Visit, Concern, DangerCall, Submission)
    assert [model.objects.count() for model in kept] == [1, 1, 1, 1]
    codes = ("visit.logged", "concern.raised", "danger.said")
    assert AuditEvent.objects.filter(code__in=codes).count() == len(codes)


def test_misuse_11_twenty_forms_of_one_visit_at_once_are_one_visit(scene) -> None:
    client, address = scene.inside(), f"/terminal/visit/{scene.planned.token}/"
    answers = posts(client, address, [{"a": "1", "b": "1", "key": f"k{n}"} for n in range(AT_ONCE)])
    assert sorted(answers) == [(200, "")] * (AT_ONCE - 1) + [THANKS]
    assert Visit.objects.count() == AuditEvent.objects.filter(code="visit.logged").count() == 1


def test_misuse_11_a_message_to_staff_sent_twenty_times_at_once_is_told_once(scene) -> None:
    client = scene.inside()
    form = {"t": "1", "words": "He has stopped eating.", "key": "k"}
    assert set(posts(client, own_address(), [form] * AT_ONCE)) == {THANKS}
    assert Concern.objects.count() == AuditEvent.objects.filter(code="concern.raised").count() == 1
    assert Message.objects.filter(topic="concern.raised").count() == 1


@pytest.fixture
def told(scene) -> Message:
    """A worry at the end of a visit, which nobody has followed up yet."""
    form = {"a": "1", "b": "2", "t": "1", "words": "He has stopped eating.", "key": "k"}
    assert scene.inside().post(f"/terminal/visit/{scene.planned.token}/", form).status_code == 302
    return Message.objects.get(topic="concern.raised")


def test_misuse_31_workers_that_take_up_one_message_at_once_follow_it_once(told) -> None:
    at_once([lambda: tasks.handle(message_id=told.pk)] * WORKERS)
    tasks.handle(message_id=told.pk)
    assert WelfareCheck.objects.count() == AuditEvent.objects.filter(code="welfare.prompted").count() == 1
    told.refresh_from_db()
    assert told.handled_at is not None


def test_misuse_31_the_handler_itself_may_run_many_times_at_once(told) -> None:
    """As if the mark that one worker leaves for the others were not there."""

    def handle() -> None:
        with scoped(DatabaseRole.NATIONAL):
            handlers.concern_raised(told.prison_code, told.payload)

    at_once([handle] * WORKERS)
    handle()
    assert WelfareCheck.objects.count() == AuditEvent.objects.filter(code="welfare.prompted").count() == 1
