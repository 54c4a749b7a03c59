"""Staff who may be named in a scheme's settings."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Membership, Prison, User


def people_who_may_stand_in(prison: Prison, today: date) -> QuerySet[User]:
    """Active accounts that hold the role of deputy lead here today, by name."""
    held = Membership.objects.current(today).filter(user=OuterRef("pk"), prison=prison, role="DEPUTY_LEAD")
    return User.objects.filter(Exists(held), is_active=True).order_by("name", "id")


def administrators_of(prison: Prison, today: date) -> list[str]:
    """Names of those who keep wings, accounts and terminals here: whom to ask."""
    held = Membership.objects.current(today).filter(user=OuterRef("pk"), prison=prison, role="ADMIN")
    people = User.objects.filter(Exists(held), is_active=True).order_by("name", "id")
    return list(people.values_list("name", flat=True))
