"""Digests."""

from __future__ import annotations

from datetime import datetime, timedelta

from buddyscheme.accounts.models import Prison, User
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.models import Digest


def digest_of(
    reader: User, prison: Prison | None, now: datetime, period: str = "2026-Q3", words: str = "Corrected: from 3 to 4."
) -> Digest:
    """One that says something and that nobody has opened."""
    with scoped(DatabaseRole.NATIONAL):
        return Digest.objects.create(
            reader=reader, prison=prison, period=period, since=now - timedelta(days=90), until=now, made_at=now,
            count=1,
            entries=[{"title": "Active buddies, August 2026", "words": words, "href": "/"}],
        )  # fmt: skip
