"""Who may be given which role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from buddyscheme.accounts.models import Membership, User
from buddyscheme.accounts.roles import ROLES, HeldAt
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin


def check_can_give_role(
    role: str,
    *,
    starts_on: date,
    ends_on: date | None,
    held: bool,
    giver: User,
    user: User,
    department: str = "",
    departments: Collection[str] = (),
) -> None:
    """A prison's administrator gives roles of the prison, to others, once each, with an end after the start."""
    if role not in ROLES or ROLES[role].held_at is not HeldAt.PRISON:
        raise NotAllowed("Choose a role from the list.", field="role")
    if giver.pk == user.pk:
        raise NotAllowed("You cannot give yourself a role. Ask another administrator.")
    if held:
        raise NotAllowed(f"{user.name} is {ROLES[role].name.lower()} here already.", field="role")
    if role == "SIGNATORY" and not department:
        raise NotAllowed("Select the department that this person signs for.", field="department")
    if department and department not in departments:
        raise NotAllowed("Select a department that signs clearance here.", field="department")
    if ends_on is not None and ends_on < starts_on:
        raise NotAllowed("The last day must be on or after the first day.", field="ends_on")


def check_can_end_role(membership: Membership, *, by: User) -> None:
    """A role that runs, of somebody else."""
    if membership.ends_on is not None:
        raise NotAllowed("This role has an end already.")
    if membership.user_id == by.pk:
        raise NotAllowed("You cannot end your own role. Ask another administrator.")


can_end_role = twin(check_can_end_role)
