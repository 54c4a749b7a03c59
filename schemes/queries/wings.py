"""Wings of a prison."""

from __future__ import annotations

from buddyscheme.accounts.models import Prison, Wing


def wings_of(prison: Prison) -> list[Wing]:
    """Wings in use, by code."""
    return list(prison.wings.filter(closed=False).order_by("code", "id"))
