"""Standing down a buddy names who covers each person they help, in the same step."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from buddyscheme.lib.errors import NotAllowed
from referrals.models import Cover, Match

Choice = Cover.Choice
# Kept with somebody new who was not the first suggestion.
WHY_THIS_BUDDY = "Chosen to cover when the buddy stood down"


def check_everybody_is_covered(matches: Collection[Match], chosen: Mapping[int, str]) -> None:
    """A choice for each live match, and none for a match that has ended meanwhile."""
    for match in matches:
        if chosen.get(match.pk) not in Choice.values:
            raise NotAllowed(
                f"Select who covers {match.plan.person.full_name}. The list of people has changed if nobody is asked "
                "about below: open the page again."
            )


def check_other_buddy(match: Match, other: Match | None) -> None:
    """The plan's other buddy covers only where there is one who agreed."""
    if other is None:
        raise NotAllowed(
            f"{match.plan.person.full_name} has no other buddy who has agreed. Select somebody new, staff, or "
            "nobody yet."
        )


def part_for(match: Match, *, ends: bool, taken: Collection[str]) -> str:
    """As which buddy somebody new comes: in the free place, else not at all."""
    if ends:
        return match.part
    if Match.Part.SECOND in taken:
        raise NotAllowed(
            f"{match.plan.person.full_name} has two buddies already, so nobody new can be asked while one of them is "
            "suspended. Select the other buddy, staff, or nobody yet."
        )
    return Match.Part.SECOND
