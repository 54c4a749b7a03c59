"""To whom a concern goes: two people, never one who is named in it, with deputies for whoever is away."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.errors import NotAllowed

MANY = 2
# The governor's safeguarding lead leads; beside them whoever runs the scheme. A concern about staff goes past the
# scheme's own line to the governor's delegate.
ORDER = ("SAFEGUARDING", "LEAD", "DEPUTY_LEAD", "GOVERNOR_DELEGATE")
ORDER_ABOUT_STAFF = ("SAFEGUARDING", "GOVERNOR_DELEGATE", "LEAD", "DEPUTY_LEAD")
HANDLING_ROLES = tuple(sorted(code for code, role in ROLES.items() if P.CONCERN_HANDLE in role.permissions))


@dataclass(frozen=True)
class Candidate:
    """Somebody who handles concerns at the prison, in one role."""

    user_id: int
    role: str
    away: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True)
class Chosen:
    """One of the two, and for whom they stand in."""

    user_id: int
    instead_of: int | None = None


def choose(
    candidates: Iterable[Candidate], *, about_staff: bool, shut_out: Collection[int], last: Collection[int] = ()
) -> list[Chosen]:
    """At most two people, of two roles where there are two. `last` are asked only where nobody else is left.

    Whoever is away is passed over for their deputy, who must handle concerns too and be there. Fewer than two means
    that the prison has not enough people; the pages say so.
    """
    asked = sorted(candidates, key=lambda one: one.user_id in last)
    there = {one.user_id for one in asked if not one.away} - set(shut_out)
    found: list[Chosen] = []

    def take(one: Candidate) -> bool:
        taken = {chosen.user_id for chosen in found}
        if one.user_id in there - taken:
            found.append(Chosen(one.user_id))
            return True
        # A deputy of somebody who is named in it may be a friend: they come in by their own role or not at all.
        stands_in = one.away and one.user_id not in shut_out and one.deputy_id in there - taken
        if stands_in and one.deputy_id is not None:
            found.append(Chosen(one.deputy_id, instead_of=one.user_id))
        return stands_in

    for role in ORDER_ABOUT_STAFF if about_staff else ORDER:
        any(take(one) for one in asked if one.role == role and one.user_id not in last and len(found) < MANY)
    for one in asked:
        if len(found) < MANY:
            take(one)
    return found


def check_deputy(*, user_id: int, deputy_id: int) -> None:
    """Somebody else."""
    if user_id == deputy_id:
        raise NotAllowed("Nobody stands in for themselves. Choose somebody else.", field="deputy")


def check_leave(first_on: date, last_on: date, today: date) -> None:
    """Of days to come, in order."""
    if last_on < first_on:
        raise NotAllowed("The last day away must not be before the first.", field="last_on")
    if last_on < today:
        raise NotAllowed("These days are over. Enter days that are still to come.", field="last_on")
