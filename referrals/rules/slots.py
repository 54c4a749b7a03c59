"""No new slot for a buddy who lacks what its task needs. Slots that are there already go on."""

from __future__ import annotations

from collections.abc import Iterable

from buddyscheme.lib.errors import NotAllowed
from referrals.suitability import Check

# What to do about each, in words that finish the sentence.
WAYS: dict[str, str] = {
    "CLEARANCE": "Ask the departments for clearance again.",
    "COMPACT": "Have the compact signed, or ask for an override.",
    "TRAINING": "Have the module passed, or ask for an override.",
    "HOURS": "Select fewer days or minutes, or choose another buddy for the plan first.",
    "DAYS": "Select fewer days, or choose another buddy for the plan first.",
}


def check_can_add_slot(stops: Iterable[tuple[str, Iterable[Check]]]) -> None:
    """`stops` are a buddy's name and the checks that refuse; nothing may be in them."""
    sentences = []
    for name, checks in stops:
        each = list(checks)
        why = " ".join(check.words for check in each)
        ways = " ".join(dict.fromkeys(WAYS[check.code] for check in each))
        sentences.append(f"{name} helps with this plan and cannot be given this task. {why} {ways}")
    if sentences:
        raise NotAllowed(" ".join(sentences))
