"""Plans and matches: plans that are written, matched, reviewed."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Tile
from referrals.forms.lapses import DECIDE
from referrals.queries import (
    boundary,
    interim,
    lapses,
    matches,
    plan_parts,
    plans,
)
from referrals.queries.restricted import without_approval

TILES: tuple[Tile, ...] = (
    Tile(
        text="Plans to write",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=write",
        rows=lambda asked: plans.to_write(asked.request.prison),
    ),
    Tile(
        text="Plans without a buddy",
        permission=P.MATCH_DECIDE,
        url="referrals:matches_waiting",
        rows=lambda asked: matches.waiting_for_buddy(asked.request.prison),
    ),
    Tile(
        text="Matches to ask both people about",
        permission=P.MATCH_DECIDE,
        url="referrals:matches",
        query="?status=PROPOSED",
        rows=lambda asked: matches.proposed(asked.request.prison),
    ),
    Tile(
        text="Plans to review",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=review",
        rows=lambda asked: plans.review_due(asked.request.prison, asked.today),
    ),
    Tile(
        text="Interim help that ends soon",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=interim",
        rows=lambda asked: interim.ends_soon(asked.request.prison, asked.today),
    ),
    Tile(
        text="Plans with equipment to check",
        permission=P.PLAN_WRITE,
        url="referrals:plans",
        query="?show=equipment",
        rows=lambda asked: plan_parts.equipment_overdue(asked.request.prison, asked.today),
    ),
    Tile(
        text="Words held for a second person",
        permission=P.HELD_TEXT_VIEW,
        url="referrals:held_texts",
        query="?decision=WAITING",
        rows=lambda asked: boundary.waiting(asked.request.prison),
    ),
    Tile(
        text="Matches with a lapsed module or compact",
        permission=P.MATCH_DECIDE,
        url="referrals:lapsed",
        query=f"?state={DECIDE}",
        rows=lambda asked: lapses.to_decide(asked.request.prison, asked.today, stands=asked.standing),
        anew=True,
    ),
    Tile(
        text="Tasks in plans without an approval",
        permission=P.PLAN_WRITE,
        url="referrals:without_approval",
        rows=lambda asked: without_approval(asked.request.prison, asked.today),
    ),
)
