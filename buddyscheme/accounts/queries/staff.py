"""Roles held at a prison."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Membership, Prison


def roles_at(prison: Prison, *, on: date) -> QuerySet[Membership]:
    """Roles that run on a day, by name."""
    return (
        Membership.objects.current(on).filter(prison=prison).select_related("user").order_by("user__name", "role", "id")
    )
