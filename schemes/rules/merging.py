"""When two records of one person may be joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.errors import NotAllowed
from schemes.models import Person


def check_can_merge(old: Person, kept: Person, old_ties: Sequence[str], kept_ties: Sequence[str]) -> None:
    """Two records that stand for themselves, of which at most one is in use."""
    if old.pk == kept.pk or old.prison_number == kept.prison_number:
        raise NotAllowed("Enter two different prison numbers.", field="other_number")
    for person in (old, kept):
        if person.same_as_id is not None:
            raise NotAllowed(f"{person.prison_number} is joined with another number already.", field="other_number")
        if person.provisional:
            raise NotAllowed(
                f"Another prison has yet to say where {person.prison_number} is. Wait for its answer.",
                field="other_number",
            )
    if old_ties and kept_ties:
        raise NotAllowed(
            f"Both numbers are in use here. Under {old.prison_number}: {', '.join(old_ties)}. "
            f"Under {kept.prison_number}: {', '.join(kept_ties)}. End what runs under one of them first.",
            field="other_number",
        )


def check_not_elsewhere(
    prison: Prison, old: Person, goes_on: Person, set_aside: Person, places: Mapping[int, str]
) -> None:
    """Where another prison holds one of the two now, nothing of that record may change here.

    Only a record that is held nowhere can be set aside for it. `places` are running periods: person, prison.
    """
    elsewhere = [person for person in (goes_on, set_aside) if places.get(person.pk, prison.pk) != prison.pk]
    if elsewhere and (goes_on.pk == old.pk or set_aside.pk in places):
        raise NotAllowed(
            f"{elsewhere[0].prison_number} is not on this prison’s list any more. The two can be joined only while "
            "no other prison holds either of them. Check both numbers, and record who has left.",
            field="other_number",
        )
