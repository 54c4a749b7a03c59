"""A real Celery worker and beat for tests: their own processes, the application's own login, the tests' database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from tests.meta.source import ROOT


def worker_environment() -> dict[str, str]:
    """The environment of a demo process on the test database: not the owner, and a queue of its own."""
    url = urlsplit(os.environ["DATABASE_URL"])
    redis = urlsplit(os.environ["REDIS_URL"])
    # A queue for each test process, so that two runs do not take each other's work.
    number = 1 + sum(connection.settings_dict["NAME"].encode()) % 14
    return {
        **os.environ,
        "BUDDY_MODE": "demo",
        "BUDDY_DB_AS_OWNER": "",
        "SECRET_KEY": "only-for-tests-worker-0123456789abcdef",
        "CODE_PEPPER": "only-for-tests-worker-0123456789abcdef",
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
        "REDIS_URL": urlunsplit(redis._replace(path=f"/{number}")),
    }


@contextmanager
def running(*arguments: str, level: str = "WARNING", log: IO[bytes] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process such as `running("worker", "--pool=solo")`, ended at the end. What it says may go to a file."""
    command = [sys.executable, "-m", "celery", "-A", "buddyscheme", *arguments, f"--loglevel={level}"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=worker_environment(), start_new_session=True, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def wait_for(true: Callable[[], bool], *, seconds: float = 40) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False
