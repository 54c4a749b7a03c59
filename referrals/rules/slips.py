"""Paper slips: how many at once, and each keyed once."""

from __future__ import annotations

from buddyscheme.lib.errors import NotAllowed
from referrals.models import PaperSlip

MOST = 60
FIRST_NUMBER = 1001


def check_can_print(how_many: int) -> None:
    """At least one slip; no more than a wing uses in a week."""
    if not 1 <= how_many <= MOST:
        raise NotAllowed(f"Enter how many slips to print, from 1 to {MOST}.", field="how_many")


def check_can_use(slip: PaperSlip | None, *, used: bool) -> None:
    """A slip that was printed here and that nobody has keyed."""
    if slip is None:
        raise NotAllowed(
            "No slip with this number was printed at this prison. Check the number on the paper.", field="number"
        )
    if used:
        raise NotAllowed(
            f"Slip {slip.number} was entered already. Look it up in the list of visits; there you can correct it.",
            field="number",
        )
