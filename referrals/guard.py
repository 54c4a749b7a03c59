"""The boundary guard as the apps below see it: see `schemes.guard`."""

from __future__ import annotations

from datetime import datetime

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from referrals.actions.boundary import hold_text
from referrals.rules.boundary import check_words
from schemes import guard


class BoundaryGuard:
    """Notices and holds by the phrases of this app."""

    def notices(self, words: str) -> bool:
        """Whether a phrase fits."""
        return bool(check_words(words))

    def hold(self, *, by: Actor, now: datetime, prison: Prison, place: str, subject_id: int, words: str) -> None:
        """Into the list of held words."""
        hold_text(
            by=by, now=now, prison=prison, plan=None, place=place, subject_id=subject_id, words=words,
            hits=check_words(words),
        )  # fmt: skip


guard.register(BoundaryGuard())
