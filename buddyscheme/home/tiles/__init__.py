"""The tiles of a prison's home page, as data. Each counts the very rows that its list shows.

A tile names its list by url name and query, and the function that gives the list's rows. `tests/home/test_tiles.py`
opens every list and compares. All counts that are queries go to the database as one (`counts.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from buddyscheme.accounts.requests import StaffRequest, may
from buddyscheme.home.counts import answers, question
from buddyscheme.home.tile import Asked, Group, Tile
from buddyscheme.home.tiles import buddies, figures, help, moving, plans, today, training

GROUPS = (
    Group("Today", today.TILES),
    Group("People who need help", help.TILES),
    Group("Plans and matches", plans.TILES),
    Group("Coming and going", moving.TILES),
    Group("Buddies", buddies.TILES),
    Group("Training, supervision and pay", training.TILES),
    Group("Figures", figures.TILES),
)
TILES: tuple[Tile, ...] = tuple(tile for group in GROUPS for tile in group.tiles)


def tiles_for(request: StaffRequest, now: datetime) -> list[dict[str, Any]]:
    """Tiles that this reader may open, as `components/tiles.html` takes them, each with the heading of its group."""
    asked = Asked(request, now)
    shown = [(group.text, tile) for group in GROUPS for tile in group.tiles if may(request, tile.permission)]
    late_ones = [question(tile.late.rows(asked)) if tile.late else 0 for _, tile in shown]
    counts = answers([*(tile.question(asked) for _, tile in shown), *late_ones])
    return [
        {
            "group": group,
            "text": tile.text,
            "href": reverse(tile.url, args=[request.prison.code]) + tile.query,
            "count": count,
            "urgent": tile.urgent,
            "note": _under(tile, asked, late) if count else "",
        }
        for (group, tile), count, late in zip(shown, counts, counts[len(shown) :], strict=False)
    ]


def _under(tile: Tile, asked: Asked, late: int) -> str:
    """What stands under the count: the tile's own words, and how many are late."""
    words = [tile.note(asked)] if tile.note else []
    words += [f"{late} {tile.late.words}"] if tile.late and late else []
    return ", ".join(word for word in words if word)
