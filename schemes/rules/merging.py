"""When two records of one person may be joined."""

from __future__ import annotations

from collections.abc import Sequence

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
