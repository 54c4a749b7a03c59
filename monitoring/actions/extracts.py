"""Evaluation extracts: asked for by one person, decided by another, kept when safe, downloaded, deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.references import make_reference
from buddyscheme.lib.rules import check_transition
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.extracts.ladder import Safe
from monitoring.models import Extract, ExtractFile
from monitoring.queries.extracts import content_of, over
from monitoring.rules import extracts as rules
from monitoring.waking import wake

State = Extract.State
NOT_WAITING = "This extract is not being built."


@transaction.atomic
def ask_extract(
    *, by: Actor, now: datetime, recipient: str, purpose: str, ethics_reference: str, agreement: str, first_day: date,
    last_day: date, prisons: Sequence[str],
) -> Extract:  # fmt: skip
    """Ask for an extract. Nothing is read before somebody else approves it. No prisons: all of them."""
    rules.check_can_ask(
        recipient=recipient,
        purpose=purpose,
        ethics_reference=ethics_reference,
        agreement=agreement,
        first=first_day,
        last=last_day,
        today=london_today(now),
    )
    with scoped(DatabaseRole.NATIONAL):
        extract: Extract = Extract.objects.create(
            reference=_new_reference(),
            recipient=recipient.strip(),
            purpose=purpose.strip(),
            ethics_reference=ethics_reference.strip(),
            agreement=agreement.strip(),
            first_day=first_day,
            last_day=last_day,
            prisons=sorted(prisons),
            asked_at=now,
            asked_by=by.user,
        )
        record(Event.EXTRACT_ASKED, by=by, subject=extract, first=str(first_day), last=str(last_day))
    return extract


@transaction.atomic
def decide_extract(*, by: Actor, now: datetime, extract: Extract, approved: bool, reason: str = "") -> Extract:
    """Approve it, after which a worker builds it, or refuse it and say why. Never by who asked."""
    with scoped(DatabaseRole.NATIONAL):
        row: Extract = Extract.objects.select_for_update().get(pk=extract.pk)
        is_own = row.asked_by_id == by.id
        rules.check_can_decide(state=row.state, is_own=is_own, approved=approved, reason=reason)
        row.state = State.APPROVED if approved else State.REFUSED
        row.decided_at, row.decided_by = now, by.user
        row.reason = "" if approved else reason.strip()
        row.save(update_fields=["state", "decided_at", "decided_by", "reason"])
        record(Event.EXTRACT_APPROVED if approved else Event.EXTRACT_REFUSED, by=by, subject=row)
    if approved:
        wake("build_extract", extract_id=row.pk)
    return row


@transaction.atomic
def keep_extract(
    *, by: Actor, now: datetime, extract: Extract, content: bytes, safe: Safe, left_out: Mapping[str, int | None]
) -> Extract:
    """Keep what was built, with what it reached. Run in the national role."""
    row: Extract = Extract.objects.select_for_update().get(pk=extract.pk)
    check_transition(rules.TRANSITIONS, row.state, State.BUILT, NOT_WAITING)
    ExtractFile.objects.create(extract=row, content=content)
    row.state, row.built_at, row.expires_on = State.BUILT, now, london_today(now) + rules.LASTS
    row.k, row.l, row.rows, row.left_out = safe.k, safe.l, len(safe.rows), dict(left_out)
    row.steps = [step.words for step in safe.steps]
    row.size, row.digest = len(content), hashlib.sha256(content).hexdigest()
    row.save(
        update_fields=[
            "state", "built_at", "expires_on", "k", "l", "rows", "left_out", "steps", "size", "digest",
        ]
    )  # fmt: skip
    record(Event.EXTRACT_BUILT, by=by, subject=row, rows=len(safe.rows), digest=row.digest)
    return row


@transaction.atomic
def find_unsafe(*, by: Actor, now: datetime, extract: Extract, reason: str) -> Extract:
    """Nothing is kept of rows that no step makes safe, but why. Run in the national role."""
    row: Extract = Extract.objects.select_for_update().get(pk=extract.pk)
    check_transition(rules.TRANSITIONS, row.state, State.UNSAFE, NOT_WAITING)
    row.state, row.reason = State.UNSAFE, reason
    row.save(update_fields=["state", "reason"])
    record(Event.EXTRACT_UNSAFE, by=by, subject=row)
    return row


@transaction.atomic
def download_extract(*, by: Actor, now: datetime, extract: Extract) -> bytes:
    """The file, for who asked for it, while it lasts. Every time is accounted for."""
    with scoped(DatabaseRole.NATIONAL):
        row: Extract = Extract.objects.select_for_update().get(pk=extract.pk)
        rules.check_can_download(
            state=row.state, is_own=row.asked_by_id == by.id, expires_on=row.expires_on, today=london_today(now)
        )
        content = content_of(row)
        assert content is not None
        record(Event.EXPORTED, by=by, subject=row, rows=row.rows, format="zip", digest=row.digest)
    return content


@transaction.atomic
def expire_extracts(*, by: Actor, now: datetime) -> int:
    """Delete the files whose last day is past. Run in the national role. Returns how many."""
    rows = list(over(london_today(now)).select_for_update())
    for row in rows:
        check_transition(rules.TRANSITIONS, row.state, State.EXPIRED, NOT_WAITING)
        ExtractFile.objects.filter(extract=row).delete()
        row.state = State.EXPIRED
        row.save(update_fields=["state"])
        record(Event.EXTRACT_EXPIRED, by=by, subject=row)
    return len(rows)


def _new_reference() -> str:
    reference = make_reference("X")
    while Extract.objects.filter(reference=reference).exists():
        reference = make_reference("X")
    return reference
