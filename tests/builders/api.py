"""A key of a program, made by the action of its page, and asking with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.test import Client

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import User
from monitoring.actions.api_keys import make_key
from monitoring.models import ApiKey


def key_for(by: User, now: datetime, name: str = "Dashboard", last: date | None = None) -> tuple[ApiKey, str]:
    """A key and its letters. Run inside `scoped`."""
    return make_key(
        by=Actor.staff(by, roles=("NATIONAL_LEAD",)),
        now=now,
        name=name,
        purpose="A page for inspectors",
        contact="Ira Indigo, ira@inspectorate.example",
        expires_on=last or date(now.year + 1, 1, 31),
    )


def ask(secret: str, path: str, query: Any = None, method: str = "GET", **headers: str) -> Any:
    """One request of a program, without a session."""
    sent = {"authorization": f"Bearer {secret}", **headers} if secret else headers
    return Client().generic(method, f"/api/v1/{path}", query_params=query, headers=sent)
