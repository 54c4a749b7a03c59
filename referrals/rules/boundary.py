"""Words that seem to describe a prohibited task are held for a second person."""

from __future__ import annotations

from functools import lru_cache

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.boundary import Hit, Phrase, find, make_phrases, standard_phrases
from referrals.models import BoundaryPhrase, HeldText

Rows = tuple[tuple[str, str, str, str], ...]


def check_words(words: str) -> tuple[Hit, ...]:
    """What in the words speaks of a prohibited task; empty when they are harmless."""
    return find(words, _phrases()) if words.strip() else ()


def _phrases() -> tuple[Phrase, ...]:
    """The national list as it stands; the one that comes with the program where none is loaded."""
    kept = BoundaryPhrase.objects.order_by("position").values_list("language", "code", "phrase", "unless")
    rows: Rows = tuple(kept)
    return _read(rows) if rows else standard_phrases()


@lru_cache(maxsize=4)
def _read(rows: Rows) -> tuple[Phrase, ...]:
    # Reading the patterns costs far more than loading them, and they seldom change.
    return make_phrases(dict(zip(("language", "code", "phrase", "unless"), row, strict=True)) for row in rows)


def check_can_decide(held: HeldText, *, decider_id: int | None, reason: str) -> None:
    """Once, by somebody other than the writer, with a reason."""
    if held.decision == HeldText.Decision.REPLACED:
        raise NotAllowed("The writer has changed these words since. There is nothing left to decide.")
    if held.decision != HeldText.Decision.WAITING:
        raise NotAllowed("Somebody has decided about these words already.")
    if decider_id is None or decider_id == held.written_by_id:
        raise NotAllowed("You wrote these words, so somebody else has to decide about them.")
    if not reason.strip():
        raise NotAllowed("Enter the reason for your decision.", field="reason")


can_decide = twin(check_can_decide)
