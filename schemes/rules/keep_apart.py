"""When two people may be put on record as kept apart, and when that may end."""

from __future__ import annotations

from buddyscheme.lib.errors import NotAllowed
from schemes.models import KeepApart, Person


def check_can_keep_apart(person: Person, other: Person, open_already: bool) -> None:
    """Two people, not one, and not on record already."""
    if person.pk == other.pk or person.prison_number == other.prison_number:
        raise NotAllowed("Enter two different people.", field="other_number")
    if open_already:
        raise NotAllowed(
            "These two people are on record as kept apart already. End that record first if it is wrong.",
            field="other_number",
        )


def check_reason(reason: str, restriction: str) -> None:
    """From the closed lists."""
    if reason not in KeepApart.Reason.values:
        raise NotAllowed("Select the reason.", field="reason")
    if restriction not in KeepApart.Restriction.values:
        raise NotAllowed("Select how far apart they are kept.", field="restriction")


def check_can_end(open_rows: int) -> None:
    """Only what is open."""
    if not open_rows:
        raise NotAllowed("This record has ended already.")
