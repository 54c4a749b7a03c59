"""Misuse case 27: nothing beside the record itself carries a name, a number or a sentence of anybody.

What goes through the queue is looked at in `tests/faults/test_leaks_into_the_queue.py`.
"""

from __future__ import annotations

import logging
import re
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import caches
from django.urls import reverse

from buddyscheme.audit.models import AuditEvent
from buddyscheme.outbox import tasks
from buddyscheme.outbox.models import Message
from buddyscheme.scope.models import Submission
from referrals.models import Concern, DangerCall, Visit, WelfareCheck
from referrals.terminal.views import inside
from tests.terminal.canaries import NOTE, WORRY, everything_told, found_in, planted, secrets

pytestmark = pytest.mark.django_db
OURS = ("buddyscheme", "schemes", "training", "referrals", "monitoring")
ADDRESS = re.compile(r'(?:href|action|src|formaction)="([^"]*)"')


@pytest.fixture
def heard(caplog):
    """Every record of our own loggers, and of all others what production would write."""
    caplog.set_level(logging.INFO)
    # The settings of tests leave these out.
    caplog.set_level(logging.INFO, logger="django.request")
    for name in OURS:
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture
def sent(monkeypatch, settings) -> list[tuple[str, tuple, dict]]:
    """The arguments of every task that is sent."""
    found: list[tuple[str, tuple, dict]] = []

    def keep(name):
        return lambda args=(), kwargs=None, **options: found.append((name, tuple(args), {**(kwargs or {}), **options}))

    settings.OUTBOX_WAKES = True
    for task in (tasks.relay, tasks.handle):
        monkeypatch.setattr(task, "apply_async", keep(task.name))
    return found


def as_written(record: logging.LogRecord) -> str:
    """The line of the log, made by the formatter that the settings name."""
    configured = DictConfigurator(settings.LOGGING)
    return configured.configure_formatter(configured.config["formatters"]["line"]).format(record)


def test_misuse_27_nothing_that_is_told_leaves_its_record(
    scene, lead, signed_in, heard, sent, django_capture_on_commit_callbacks
) -> None:
    planned = planted(scene, lead, scene.now)
    words = secrets(planned.person, scene.person)
    with django_capture_on_commit_callbacks(execute=True):
        everything_told(scene, planned)
    Message.objects.update(not_before=scene.now)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.relay()
    handed_over = [kwargs["message_id"] for name, _, kwargs in sent if name == tasks.handle.name]
    for message_id in handed_over:
        tasks.handle(message_id=message_id)

    assert Visit.objects.count() == DangerCall.objects.count() == WelfareCheck.objects.count() == 1
    assert not Message.objects.filter(handled_at__isnull=True).exists() and len(handed_over) >= 3
    # They are where they belong, so that what follows could find them.
    assert set(Concern.objects.values_list("words", flat=True)) == {WORRY, "", NOTE}
    assert {name for name, _, _ in sent} == {tasks.relay.name, tasks.handle.name}
    assert heard.handler in logging.getLogger().handlers
    seen = {
        "tasks": sent,
        "outbox": list(Message.objects.values()),
        "audit": list(AuditEvent.objects.values()),
        "forms answered": list(Submission.objects.values()),
        "log": [(record.getMessage(), record.args, as_written(record)) for record in heard.records],
        "mail": mail.outbox,
        "cache": [caches[name]._cache for name in caches],
    }
    assert mail.outbox == [] and len(seen["audit"]) > 10 and len(seen["outbox"]) >= 4
    assert {place: found_in(what, words) for place, what in seen.items() if found_in(what, words)} == {}


def test_misuse_27_no_address_of_staff_says_who_it_is_about(scene, lead, signed_in) -> None:
    planned = planted(scene, lead, scene.now)
    everything_told(scene, planned)
    client, code = signed_in(lead), scene.prison.code
    worry, note = Concern.objects.get(words=WORRY), Concern.objects.get(words=NOTE)
    pages = [
        reverse("home:prison", args=[code]),
        *(reverse(f"referrals:{name}", args=[code]) for name in ("concerns", "notes", "visits", "danger", "plans")),
        reverse("referrals:concern", args=[code, worry.token]),
        reverse("referrals:note", args=[code, note.token]),
        reverse("referrals:visit", args=[code, Visit.objects.get().token]),
        reverse("referrals:danger_call", args=[code, DangerCall.objects.get().token]),
        reverse("referrals:plan", args=[code, planned.plan.token]),
    ]
    addresses, read = set(pages), ""
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        read += answer.content.decode()
        addresses |= set(ADDRESS.findall(answer.content.decode()))
    words = secrets(planned.person, scene.person)
    assert found_in(read, [planned.person.last_name, WORRY, NOTE]) == [planned.person.last_name, WORRY, NOTE]
    assert len(addresses) > 30 and [one for one in addresses if found_in(one, words)] == []


@pytest.mark.parametrize("refused", ["by us", "by the database"])
def test_misuse_27_the_log_of_our_own_fault_holds_no_word(scene, lead, heard, monkeypatch, refused) -> None:
    """PostgreSQL puts a row that it refuses into its message, but not of a table with row-level security."""
    real, planned = inside.raise_concern, planted(scene, lead, scene.now)

    def broken(**given):
        if refused == "by us":
            raise RuntimeError("broken")
        # What is told at a terminal has a window, says a constraint.
        return real(**{**given, "window": None})

    client = scene.inside()
    client.raise_request_exception = False
    monkeypatch.setattr(inside, "raise_concern", broken)
    data = {"a": "1", "b": "2", "t": "1", "words": WORRY + "\n" + NOTE, "key": "k"}
    answer = client.post(f"/terminal/visit/{planned.token}/", data)
    assert answer.status_code == 500 and not Visit.objects.exists()
    (written,) = [as_written(record) for record in heard.records if record.exc_info]
    assert "Traceback" in written and f"/terminal/visit/{planned.token}/" in written
    assert ("broken" if refused == "by us" else "concern_raised_by_somebody") in written
    assert found_in(written + answer.content.decode(), secrets(planned.person, scene.person)) == []
