"""The hash chain: each seal covers its event and the seal before it, prison by prison.

A changed, removed or inserted event breaks the chain at that row. `verify` says where.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from buddyscheme.audit.models import AuditEvent, Seal

GENESIS = "0" * 64
# A statement that began before the newest event may still commit an older one: leave the last seconds open.
SETTLE = timedelta(seconds=5)
BATCH = 5_000


@dataclass(frozen=True)
class ChainReport:
    """`broken_at` is the first event that does not fit; `unsealed_seconds` the age of the oldest unsealed one."""

    sealed: int
    broken_at: int | None
    unsealed_seconds: int


def digest(event: AuditEvent, previous: str) -> str:
    """SHA-256 over the previous hash and every field of the event."""
    body = {
        "id": event.pk,
        "at": event.at.isoformat(),
        "code": event.code,
        "actor": [event.actor_kind, event.actor_id, event.actor_roles],
        "prison": event.prison_code,
        "subject": [event.subject_type, event.subject_id, event.person_id],
        "terminal": [event.terminal_id, event.window_id],
        "request": event.request_id,
        "details": event.details,
    }
    text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256((previous + text).encode()).hexdigest()


def seal_pending() -> int:
    """Seal what is not sealed yet, one sealer at a time. Returns how many. Run in the national role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('audit.seal'))")
        if not cursor.fetchone()[0]:
            return 0
    pending = AuditEvent.objects.extra(
        where=["NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = audit_auditevent.id)"]
    ).filter(at__lt=timezone.now() - SETTLE)
    heads: dict[str, tuple[int, str]] = {}
    seals = []
    for event in pending.order_by("id")[:BATCH]:
        sequence, previous = heads.get(event.prison_code) or _head(event.prison_code)
        sealed = digest(event, previous)
        seals.append(
            Seal(
                event_id=event.pk,
                prison_code=event.prison_code,
                sequence=sequence + 1,
                previous_hash=previous,
                hash=sealed,
            )
        )
        heads[event.prison_code] = (sequence + 1, sealed)
    Seal.objects.bulk_create(seals)
    return len(seals)


def _head(prison: str) -> tuple[int, str]:
    last = Seal.objects.filter(prison_code=prison).order_by("-sequence").first()
    return (last.sequence, last.hash) if last else (0, GENESIS)


def verify(prison: str) -> ChainReport:
    """Walk one prison's chain from its start, a batch at a time. Run in the national role or the prison's own."""
    previous, count = GENESIS, 0
    for seals in batched_seals(prison):
        events = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            event = events.get(seal.event_id)
            count += 1
            fits = seal.sequence == count and seal.previous_hash == previous
            if event is None or not fits or digest(event, previous) != seal.hash:
                return ChainReport(count - 1, seal.event_id, unsealed_seconds())
            previous = seal.hash
    return ChainReport(count, None, unsealed_seconds())


def batched_seals(prison: str) -> Iterator[list[Seal]]:
    """The prison's seals in order, some thousands at a time."""
    after = 0
    while seals := list(Seal.objects.filter(prison_code=prison, sequence__gt=after).order_by("sequence")[:BATCH]):
        yield seals
        after = seals[-1].sequence


def sealed_state(prison: str) -> tuple[int, int]:
    """How many of the prison's events are sealed, and how many seconds the oldest unsealed one has waited."""
    sequence, _ = _head(prison)
    return sequence, unsealed_seconds()


def unsealed_seconds() -> int:
    """Age of the oldest event without a seal, in seconds; nought when all are sealed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(extract(epoch FROM now() - min(e.at)), 0)::bigint FROM audit_auditevent e"
            " WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id)"
        )
        return int(cursor.fetchone()[0])
