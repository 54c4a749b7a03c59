"""Who asks: the key in the header, and whether its turn has come. No session, no cookie, nothing in the address.

Turns are counted in a transaction of their own before anything is read, so that they stand whatever comes after. Only
keys that are not ours are counted by address, and a right key passes whatever others behind its address try: see
docs/adr/0009 and 0036.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import ApiKey
from monitoring.rules import api_keys as rules

NO_KEY = "Send your key in the Authorization header: the word Bearer, a space, and the key."
UNKNOWN_KEY = "This key is not known here. Check that the whole of it was sent, or ask whoever gave it to you."

# One statement: the row's lock puts requests that come at once in line.
TURN = """
INSERT INTO monitoring_apiturn AS t (who, began_at, count) VALUES (%(who)s, %(now)s, 1)
ON CONFLICT (who) DO UPDATE SET
    count = CASE WHEN t.began_at > %(now)s - make_interval(secs => %(window)s) THEN t.count + 1 ELSE 1 END,
    began_at = CASE WHEN t.began_at > %(now)s - make_interval(secs => %(window)s) THEN t.began_at ELSE %(now)s END
RETURNING count, began_at
"""


class Refused(Exception):
    """No answer: a status, a word for programs, a sentence for people, and how many seconds to wait."""

    def __init__(self, status: int, error: str, message: str, *, wait: int = 0) -> None:
        super().__init__(message)
        self.status, self.error, self.message, self.wait = status, error, message, wait


def digest_of(secret: str) -> str:
    """What is kept of a key. It is long and random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def admit(*, header: str, address: str, now: datetime) -> ApiKey:
    """The key that was sent, with its turn taken. Raises `Refused` where there is none that may be used now."""
    scheme, _, secret = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Refused(401, "no_key", NO_KEY)
    with scoped(DatabaseRole.WEB):
        key = ApiKey.objects.filter(digest=digest_of(secret.strip())).first()
        wait = _turn_of_key(key, now) if key is not None else _turn_of_address(address, now)
    if wait:
        raise Refused(429, "too_many_requests", f"Too many requests. Wait {_seconds(wait)}.", wait=wait)
    if key is None:
        raise Refused(401, "unknown_key", UNKNOWN_KEY)
    try:
        revoked_on = london_today(key.revoked_at) if key.revoked_at else None
        rules.check_can_use(expires_on=key.expires_on, revoked_on=revoked_on, today=london_today(now))
    except NotAllowed as error:
        raise Refused(401, "key_over", str(error)) from None
    return key


def _turn_of_key(key: ApiKey, now: datetime) -> int:
    count, left = _turn(f"key:{key.pk}", now, rules.KEY_WINDOW)
    return left if count > rules.TURNS_OF_A_KEY else 0


def _turn_of_address(address: str, now: datetime) -> int:
    """One more key that is not ours. Who tries many is told to wait, and the audit is told once."""
    count, left = _turn(f"address:{_hashed(address)}", now, rules.ADDRESS_WINDOW)
    if count == rules.WRONG_OF_AN_ADDRESS + 1:
        record(Event.API_KEYS_TRIED, by=Actor.system(), tried=count)
    return left if count > rules.WRONG_OF_AN_ADDRESS else 0


def _turn(who: str, now: datetime, window: timedelta) -> tuple[int, int]:
    """How many in the running window, this one included, and the seconds until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(TURN, {"who": who, "now": now, "window": window.total_seconds()})
        count, began_at = cursor.fetchone()
    return count, max(1, -int(-(began_at + window - now).total_seconds() // 1))


def _hashed(address: str) -> str:
    return hmac.new(settings.CODE_PEPPER.encode(), f"address:{address}".encode(), hashlib.sha256).hexdigest()


def _seconds(wait: int) -> str:
    return "1 second" if wait == 1 else f"{wait} seconds"
