"""The tiles of a prison's home page, as data. Each counts the very rows that its list shows.

A tile names its list by url name and query, and the function that gives the list's rows. `tests/home/test_tiles.py`
opens every list and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may
from schemes.queries import claims

Rows = QuerySet[Any] | Sized


@dataclass(frozen=True, kw_only=True)
class Tile:
    """`rows(prison, request, now)` gives what the list at `url` + `query` shows; `note` words to go under the count."""

    text: str
    permission: P
    url: str
    rows: Callable[[Prison, StaffRequest, datetime], Rows]
    query: str = ""
    urgent: bool = False
    note: Callable[[Prison, StaffRequest, datetime], str] | None = None


TILES: tuple[Tile, ...] = (
    Tile(
        text="Claims from other prisons to answer",
        permission=P.CUSTODY_CLAIM_ANSWER,
        url="schemes:claims",
        rows=lambda prison, request, now: claims.open_claims(prison),
    ),
)

# Places that are not in the navigation: text, url name, permission.
LINKS = (
    ("Refer someone", "referrals:refer", P.REFERRAL_MAKE),
    ("Raise a concern", "referrals:raise_concern", P.CONCERN_RAISE),
    ("Find or add a person", "schemes:people", P.PEOPLE_VIEW),
    ("Keep-apart records", "schemes:keep_apart", P.KEEP_APART_VIEW),
    ("Lock-downs", "schemes:lock_downs", P.STAFF_TASK_DO),
    ("The scheme’s settings", "schemes:scheme", P.SCHEME_VIEW),
)


def tiles_for(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    """Tiles that this reader may open, as `components/tiles.html` takes them."""
    return [_shown(tile, request, now) for tile in TILES if may(request, tile.permission)]


def links_for(request: StaffRequest) -> list[dict[str, str]]:
    """Other places that this reader may open."""
    links = []
    for text, url, permission in LINKS:
        if may(request, permission):
            try:
                links.append({"text": text, "href": reverse(url, args=[request.prison.code])})
            except NoReverseMatch:  # pragma: no cover - while an app is being built
                continue
    return links


def count_of(rows: Rows) -> int:
    """How many rows: by the database for a query, by length for what is worked out."""
    return rows.count() if isinstance(rows, QuerySet) else len(cast(Sized, rows))


def _shown(tile: Tile, request: StaffRequest, now: datetime) -> dict[str, Any]:
    count = count_of(tile.rows(request.prison, request, now))
    return {
        "text": tile.text,
        "href": reverse(tile.url, args=[request.prison.code]) + tile.query,
        "count": count,
        "urgent": tile.urgent,
        "note": tile.note(request.prison, request, now) if tile.note and count else "",
    }
