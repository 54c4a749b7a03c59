"""A small cast that every test knows. Nobody here is real."""

from __future__ import annotations

from datetime import date

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Membership, Prison, Terminal, User, Wing

SINCE = date(2020, 1, 1)
PASSWORD = "a long demonstration phrase"


def make_prison(code: str = "ZTA", name: str = "Testwick", **fields: object) -> Prison:
    """A fictional prison that is switched on."""
    values = {
        "nation": "ENGLAND",
        "kind": "TRAINER",
        "fictional": True,
        "switched_on": True,
        "council": "Testshire Council",
    }
    return Prison.objects.create(code=code, name=name, **{**values, **fields})


def make_wing(prison: Prison, code: str = "A", landings: int = 3) -> Wing:
    """A wing by its letter."""
    return Wing.objects.create(prison=prison, code=code, name=f"{code} wing", landings=landings)


def make_staff(name: str, role: str, prison: Prison | None, *, department: str = "") -> User:
    """A member of staff with one role, at a prison or nationally."""
    email = f"{name.lower().replace(' ', '.')}.{prison.code.lower() if prison else 'national'}@example.test"
    user = User.objects.create_user(email, PASSWORD, name=name, is_demo=True)
    Membership.objects.create(user=user, prison=prison, role=role, department=department, starts_on=SINCE)
    return user


def acts(user: User, prison: Prison | None = None) -> Actor:
    """The actor behind a user, as the middleware would make it."""
    roles = tuple(sorted(Membership.objects.filter(user=user, prison=prison).values_list("role", flat=True)))
    return Actor.staff(user, roles=roles)


def make_terminal(wing: Wing, by: User, now: object) -> Terminal:
    """An enrolled machine on a wing."""
    return Terminal.objects.create(
        prison=wing.prison, wing=wing, name=f"{wing.code} wing terminal", enrolled_at=now, enrolled_by=by
    )
