"""Coming and going: records between prisons, and releases."""

from __future__ import annotations

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.home.tile import Asked, Late, Tile
from buddyscheme.lib.dates import london_today
from referrals.forms.moving import DUE as HANDOVERS_DUE
from referrals.forms.moving import LATE as MOVES_LATE
from referrals.forms.moving import RELEASED as HANDOVERS_RELEASED
from referrals.forms.moving import TO_SEND as MOVES_TO_SEND
from referrals.forms.moving import WAITING as MOVES_WAITING
from referrals.queries import (
    moving,
    packs,
)
from schemes.queries import (
    claims,
)


def _packs_waiting(asked: Asked) -> str:
    oldest = packs.to_acknowledge(asked.request.prison).first()
    days = (asked.today - london_today(oldest.sent_at)).days if oldest is not None else 0
    return f"The oldest for {days} {'day' if days == 1 else 'days'}"


TILES: tuple[Tile, ...] = (
    Tile(
        text="Care records to accept",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_WAITING}",
        rows=lambda asked: moving.to_accept(asked.request.prison),
        late=Late(lambda asked: moving.overdue(moving.to_accept(asked.request.prison), asked.today), "overdue"),
    ),
    Tile(
        text="Care records that the next prison has not accepted",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_LATE}",
        rows=lambda asked: moving.overdue(moving.sent_by_prison(asked.request.prison), asked.today),
    ),
    Tile(
        text="People who moved and no care record was sent",
        permission=P.CARE_RECORD_HANDLE,
        url="referrals:care_records",
        query=f"?show={MOVES_TO_SEND}",
        rows=lambda asked: moving.to_send(asked.request.prison, asked.today),
    ),
    Tile(
        text="Releases to hand over",
        permission=P.HANDOVER_MAKE,
        url="referrals:handovers",
        query=f"?show={HANDOVERS_DUE}",
        rows=lambda asked: moving.to_hand_over(asked.request.prison, asked.today),
    ),
    Tile(
        text="Released with open needs and no handover",
        permission=P.HANDOVER_MAKE,
        url="referrals:handovers",
        query=f"?show={HANDOVERS_RELEASED}",
        rows=lambda asked: moving.released_without(asked.request.prison, asked.today),
        urgent=True,
    ),
    Tile(
        text="Buddy records from other prisons",
        permission=P.BUDDIES_APPOINT,
        url="referrals:packs",
        query="?show=waiting",
        rows=lambda asked: packs.to_acknowledge(asked.request.prison),
        note=_packs_waiting,
        late=Late(
            lambda asked: packs.overdue(packs.to_acknowledge(asked.request.prison), asked.today),
            "overdue",
        ),
    ),
    Tile(
        text="Buddy records that the next prison has not acknowledged",
        permission=P.BUDDIES_APPOINT,
        url="referrals:packs",
        query="?show=late",
        rows=lambda asked: packs.overdue(packs.sent_by_prison(asked.request.prison), asked.today),
    ),
    Tile(
        text="Claims from other prisons to answer",
        permission=P.CUSTODY_CLAIM_ANSWER,
        url="schemes:claims",
        rows=lambda asked: claims.open_claims(asked.request.prison),
    ),
)
