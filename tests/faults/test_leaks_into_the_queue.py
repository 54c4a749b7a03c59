"""Misuse cases 27 and 28: what a real worker and beat send to Redis, leave in it and say in their log.

Every command that the server receives is listened to, so what was taken out of the queue again is seen too.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import redis
from django.conf import settings

from buddyscheme.outbox.models import Message
from referrals.models import Concern, WelfareCheck
from schemes.models import Person
from tests.faults.worker import running, wait_for, worker_environment
from tests.terminal.canaries import WORRY, everything_told, found_in, planted, secrets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.second_database]
ENCODED = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
LAST = "nothing more to hear"


@contextmanager
def heard(queue: redis.Redis) -> Iterator[list[str]]:
    """Every command of anybody to the server during the block."""
    commands: list[str] = []
    listening = Event()

    def listen() -> None:
        with queue.monitor() as monitor:
            listening.set()
            for command in monitor.listen():
                commands.append(command["command"])
                if LAST in command["command"]:
                    return

    thread = Thread(target=listen)
    thread.start()
    assert listening.wait(10)
    try:
        yield commands
    finally:
        queue.echo(LAST)
        thread.join(10)


def opened(text: str) -> str:
    """The text, and once more whatever in it is packed: Celery sends the arguments of a task in base64."""
    found = [text]
    for packed in ENCODED.findall(text):
        try:
            found.append(base64.b64decode(packed, validate=True).decode())
        except (binascii.Error, UnicodeDecodeError):
            continue
    return "\n".join(found)


def kept(queue: redis.Redis) -> str:
    """Every key and value of the database."""
    readers: dict[bytes, Any] = {
        b"string": queue.get,
        b"list": lambda key: queue.lrange(key, 0, -1),
        b"set": queue.smembers,
        b"hash": queue.hgetall,
        b"zset": lambda key: queue.zrange(key, 0, -1, withscores=True),
    }
    return "\n".join(f"{key!r} {readers[queue.type(key)](key)!r}" for key in queue.keys("*"))


def all_handled() -> bool:
    return not Message.objects.filter(handled_at__isnull=True).exists()


def test_misuse_28_redis_never_holds_a_name_a_number_or_a_sentence(scene, lead, tmp_path: Path) -> None:
    planned = planted(scene, lead, scene.now)
    everything_told(scene, planned)
    words = secrets(*Person.objects.all())
    assert Concern.objects.filter(words=WORRY).exists() and len(words) > 6
    Message.objects.update(not_before=scene.now)
    queue = redis.Redis.from_url(worker_environment()["REDIS_URL"], socket_timeout=60)
    queue.flushdb()
    log = tmp_path / "worker.log"
    with heard(queue) as commands, log.open("wb") as file:
        arguments = ("worker", "--pool=solo", "--beat", f"--schedule={tmp_path}/beat")
        with running(*arguments, level="DEBUG", log=file):
            assert wait_for(all_handled)
    assert WelfareCheck.objects.exists()
    sent, left, said = opened("\n".join(commands)), opened(kept(queue)), log.read_text()
    queue.close()
    # The work did go this way, and its log does say what was done.
    assert "message_id" in sent and "buddyscheme.outbox.tasks.handle" in sent and left
    assert "buddyscheme.outbox.tasks.handle" in said and "message_id" in said
    assert {"sent": found_in(sent, words), "left": found_in(left, words), "log": found_in(said, words)} == {
        "sent": [], "left": [], "log": [],
    }  # fmt: skip


def test_misuse_28_neither_pages_nor_sessions_nor_results_are_kept_in_redis() -> None:
    assert {cache["BACKEND"].split(".")[-1] for cache in settings.CACHES.values()} == {"LocMemCache"}
    assert settings.SESSION_ENGINE.endswith(".db") and settings.CELERY_RESULT_BACKEND is None
