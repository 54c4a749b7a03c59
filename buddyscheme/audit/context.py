"""The running request's id, so that every audit row of one request can be found together."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """A short random id, safe to show on an error page."""
    return secrets.token_hex(8)
