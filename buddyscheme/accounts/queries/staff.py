"""Roles held at a prison."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, User


def roles_at(prison: Prison, *, on: date) -> QuerySet[Membership]:
    """Roles that run on a day, by name."""
    return (
        Membership.objects.current(on).filter(prison=prison).select_related("user").order_by("user__name", "role", "id")
    )


def acting_at(prison: Prison | None, user: User, *, on: date) -> Actor:
    """The account with the roles that it holds at a prison on a day, or nationally: whoever acts outside a request."""
    held = Membership.objects.current(on).filter(prison=prison, user=user)
    return Actor.staff(user, roles=tuple(sorted({each.role for each in held})))
