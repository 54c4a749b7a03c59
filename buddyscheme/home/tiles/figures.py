"""Figures: what changed in them since somebody last looked."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Tile
from monitoring.forms.digests import UNREAD
from monitoring.queries.digests import unread

TILES: tuple[Tile, ...] = (
    Tile(
        text="What changed in the figures",
        permission=P.FIGURES_VIEW,
        url="monitoring:digests",
        query=f"?show={UNREAD}",
        rows=lambda asked: unread(asked.request.user, asked.request.prison),
    ),
)
