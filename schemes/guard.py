"""The boundary guard, for apps below the one that holds it.

The app above registers itself at start-up, so nothing here imports it. Words that become an instruction for a buddy's
work go through `hold` wherever they are typed; reasons and titles, which nobody else could put right, through `refuse`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from buddyscheme.lib.errors import NotAllowed

# What stands in the place of held words until a second person has decided.
WAITS = "These words wait for a second person: they may describe personal care."


class Guard(Protocol):
    """What the app above gives."""

    def notices(self, words: str) -> bool:
        """Whether the words seem to describe a task that no buddy may do."""

    def hold(self, *, by: Actor, now: datetime, prison: Prison, place: str, subject_id: int, words: str) -> None:
        """Keep them for a second person, who may put them in their place."""


_guards: list[Guard] = []


def register(guard: Guard) -> None:
    """The guard that stands from now on; registering it twice changes nothing."""
    _guards[:] = [guard]


def notices(words: str) -> bool:
    """Whether the words would be held."""
    return any(guard.notices(words) for guard in _guards)


def hold(*, by: Actor, now: datetime, prison: Prison, place: str, subject_id: int, words: str) -> None:
    """Keep noticed words for a second person; the caller has written `WAITS` in their place."""
    for guard in _guards:
        guard.hold(by=by, now=now, prison=prison, place=place, subject_id=subject_id, words=words)


def refuse(words: str, *, field: str) -> None:
    """For words that cannot wait: they are to be put differently."""
    if notices(words):
        raise NotAllowed(
            "These words seem to describe personal care or another task that no buddy may do. Leave that out.",
            field=field,
        )
