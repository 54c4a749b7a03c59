"""Live: the process answers. Ready: it can serve. Detail: how the parts behind it are, for staff."""

from __future__ import annotations

import time
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from buddyscheme.audit.chain import unsealed_seconds
from buddyscheme.outbox.relay import oldest_waiting_seconds
from buddyscheme.scope.middleware import own_transactions
from buddyscheme.scope.transaction import DatabaseRole, scoped

# Beyond this the order of records made on two machines could come out wrong.
CLOCK_SECONDS = 2.0
# The worker takes up short tasks one by one; more than this means that it does not keep up, or is not there.
LONG_QUEUE = 100


@login_not_required
@own_transactions
@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing."""
    return JsonResponse({"status": "UP"})


@login_not_required
@own_transactions
@require_GET
def ready(request: HttpRequest) -> HttpResponse:
    """The database reads and writes, and its migrations are applied. Redis is no condition: pages work without."""
    checks = {"database": _database_writes(), "migrations": False}
    if checks["database"]:
        checks["migrations"] = _migrations_applied()
    good = all(checks.values())
    return JsonResponse({"status": "UP" if good else "DOWN", "checks": checks}, status=200 if good else 503)


@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    """Queue, outbox and audit, for signed-in staff."""
    with scoped(DatabaseRole.NATIONAL):
        parts: list[dict[str, Any]] = [
            {"part": "Database", "good": True, "words": "Reads and writes."},
            _clock(),
            *_queue(),
            _age("Outbox", oldest_waiting_seconds(), 60, "oldest message has waited"),
            _age("Audit seals", unsealed_seconds(), 120, "oldest event without a seal has waited"),
        ]
    return render(request, "health/detail.html", {"parts": parts})


def _database_writes() -> bool:
    try:
        with scoped(DatabaseRole.WEB), connection.cursor() as cursor:
            # A row that is rolled back with its savepoint would hide a read-only server; a real delete does not.
            cursor.execute("DELETE FROM scope_submission WHERE at < now() - interval '7 days'")
    except DatabaseError:
        return False
    return True


def _migrations_applied() -> bool:
    try:
        with scoped(DatabaseRole.WEB):
            executor = MigrationExecutor(connection)
            return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _clock() -> dict[str, Any]:
    """The web server's clock beside the database's, halfway through the question."""
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        theirs = cursor.fetchone()[0]
    apart = abs(theirs - (before + time.time()) / 2)
    words = f"Web server and database are {apart:.1f} seconds apart."
    return {"part": "Clock", "good": apart <= CLOCK_SECONDS, "words": words}


def _queue() -> list[dict[str, Any]]:
    started = time.monotonic()
    try:
        broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        waiting = broker.llen("celery")
    except redis.RedisError:
        words = "Does not answer. Nothing is lost: work waits in the outbox."
        return [{"part": "Queue", "good": False, "words": words}]
    answered = f"Answers in {(time.monotonic() - started) * 1000:.0f} ms."
    return [
        {"part": "Queue", "good": True, "words": answered},
        {"part": "Work in the queue", "good": waiting <= LONG_QUEUE, "words": _many(waiting)},
    ]


def _many(waiting: int) -> str:
    if not waiting:
        return "Nothing waits."
    return "1 task waits." if waiting == 1 else f"{waiting} tasks wait."


def _age(part: str, seconds: int, limit: int, words: str) -> dict[str, Any]:
    if not seconds:
        return {"part": part, "good": True, "words": "Nothing waits."}
    return {
        "part": part,
        "good": seconds <= limit,
        "words": f"The {words} {seconds} second{'' if seconds == 1 else 's'}.",
    }
