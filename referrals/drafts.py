"""Half-filled answers at a terminal, kept for that person until the end of the day. Nobody else can read them.

They are no record of anything, so nothing about them is audited: each screen writes over what the one before it kept,
and saving or leaving deletes it. What is kept is encrypted with a key of the person and the day that no table holds.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from cryptography.fernet import InvalidToken

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import london_today
from referrals import codes
from referrals.models import TerminalDraft

MOST_WORDS = 2000


@dataclass(frozen=True)
class Draft:
    """Which page it is of (by name and token), the answers so far, and words that were typed and not sent."""

    page: str
    token: str = ""
    pairs: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""


def keep(prison: Prison, person_id: int, now: datetime, draft: Draft) -> None:
    """Keep these answers in place of what was kept before."""
    day = london_today(now)
    text = json.dumps(asdict(draft) | {"words": draft.words[:MOST_WORDS]})
    row = TerminalDraft(
        prison=prison,
        person_id=person_id,
        for_day=day,
        sealed=codes.draft_box(person_id, day).encrypt(text.encode()).decode(),
    )
    TerminalDraft.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["prison", "person", "for_day"], update_fields=["sealed"]
    )


def clear(prison: Prison, person_id: int) -> None:
    """Saved, or left on purpose: nothing is kept."""
    TerminalDraft.objects.for_prison(prison).filter(person_id=person_id).delete()


def opened(sealed: str, person_id: int, day: date) -> Draft | None:
    """What was kept, if this person's key of this day opens it."""
    try:
        said: dict[str, Any] = json.loads(codes.draft_box(person_id, day).decrypt(sealed.encode()))
    except InvalidToken:
        return None
    return Draft(said["page"], said["token"], [(name, value) for name, value in said["pairs"]], said["words"])


def purge(prison: Prison, today: date) -> int:
    """Delete what was kept on days that are over."""
    gone, _ = TerminalDraft.objects.for_prison(prison).filter(for_day__lt=today).delete()
    return gone
