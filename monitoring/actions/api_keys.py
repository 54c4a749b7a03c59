"""Keys of programs: making one, revoking one, counting what one reads, and forgetting old counts of tries."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.api.gate import digest_of
from monitoring.models import ApiKey, ApiTurn, Release
from monitoring.queries.api_keys import is_taken
from monitoring.rules.api_keys import check_can_make, check_can_revoke

# So that a key that lies about somewhere is known for what it is.
PREFIX = "buddy-scheme-"
FORGOTTEN_AFTER = timedelta(days=1)

USE = """
INSERT INTO monitoring_apiuse AS u (key_id, day, release_id, requests, rows)
VALUES (%(key)s, %(day)s, %(release)s, 1, %(rows)s)
ON CONFLICT (key_id, day, release_id) DO UPDATE SET requests = u.requests + 1, rows = u.rows + %(rows)s
RETURNING requests
"""


@transaction.atomic
def make_key(
    *, by: Actor, now: datetime, name: str, purpose: str, contact: str, expires_on: date
) -> tuple[ApiKey, str]:
    """A key for one program, and its letters, which are shown once and kept nowhere: the table has their hash."""
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"api key:{name.strip()}")
        check_can_make(
            name=name,
            purpose=purpose,
            contact=contact,
            expires_on=expires_on,
            today=london_today(now),
            taken=is_taken(name),
        )
        secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
        key = ApiKey.objects.create(
            name=name.strip(),
            purpose=purpose.strip(),
            contact=contact.strip(),
            digest=digest_of(secret),
            ends_with=secret[-4:],
            expires_on=expires_on,
            made_at=now,
            made_by=by.user,
        )
        record(Event.API_KEY_MADE, by=by, subject=key, expires=str(expires_on))
    return key, secret


@transaction.atomic
def revoke_key(*, by: Actor, now: datetime, key: ApiKey, reason: str) -> ApiKey:
    """Let the program read nothing more, from its next request on."""
    with scoped(DatabaseRole.NATIONAL):
        row: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
        check_can_revoke(revoked_at=row.revoked_at, reason=reason)
        row.revoked_at, row.revoked_by, row.revoke_reason = now, by.user, reason.strip()
        row.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
        record(Event.API_KEY_REVOKED, by=by, subject=row)
    return row


@transaction.atomic
def count_use(*, by: Actor, now: datetime, key: ApiKey, release: Release | None, rows: int) -> None:
    """One answer to a program. The first of a day that is of a release stands in the audit; every one is counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            USE, {"key": key.pk, "day": london_today(now), "release": release.pk if release else None, "rows": rows}
        )
        (requests,) = cursor.fetchone()
    if release is not None and requests == 1:
        record(Event.API_READ, by=by, subject=release)


@transaction.atomic
def forget_turns(*, by: Actor, now: datetime) -> int:
    """Delete counts of tries whose time is long over. Run in the national role. Returns how many."""
    gone, _ = ApiTurn.objects.filter(began_at__lt=now - FORGOTTEN_AFTER).delete()
    if gone:
        record(Event.API_TURNS_FORGOTTEN, by=by, count=gone)
    return gone
