"""Digests of a reader, and who reads one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.roles import ROLES, HeldAt
from monitoring.digests import HowOften, usual
from monitoring.models import Digest, DigestChoice

NATIONAL = [code for code, role in ROLES.items() if P.NATIONAL_RELEASES_VIEW in role.permissions]
AT_PRISON = [
    code for code, role in ROLES.items() if role.held_at is HeldAt.PRISON and P.FIGURES_VIEW in role.permissions
]


@dataclass(frozen=True)
class Wish:
    """What a reader is told, and how often: chosen, or the usual."""

    how_often: str
    measures: list[str]
    prisons: list[str]


def wish_of(reader: User, prison: Prison | None) -> Wish:
    """What the reader chose there, or what everybody begins with."""
    choice = DigestChoice.objects.filter(reader=reader, prison=prison).first()
    return _wish(choice, national=prison is None)


def _wish(choice: DigestChoice | None, *, national: bool) -> Wish:
    if choice is None:
        return Wish(HowOften.QUARTERLY, usual(national=national), [])
    return Wish(choice.how_often, choice.measures, choice.prisons)


def digests_of(reader: User, prison: Prison | None) -> QuerySet[Digest]:
    """A reader's digests of one place, the newest first."""
    rows: QuerySet[Digest] = Digest.objects.filter(reader=reader, prison=prison)
    return rows.order_by("-until", "-id")


def unread(reader: User, prison: Prison | None) -> QuerySet[Digest]:
    """Those that say something and that the reader has not opened."""
    return digests_of(reader, prison).filter(read_at__isnull=True, count__gt=0)


@dataclass(frozen=True)
class Reader:
    """Somebody who may be told about figures of one place, with what they want to know."""

    user: User
    prison: Prison | None
    wish: Wish


def readers(today: date) -> list[Reader]:
    """Everybody who may read figures today, for each place once. Run in the national role; three questions."""
    held = Membership.objects.current(today).filter(user__is_active=True).select_related("user", "prison")
    places = {
        (m.user_id, m.prison_id): (m.user, m.prison)
        for m in held.filter(role__in=[*NATIONAL, *AT_PRISON]).order_by("user_id", "prison_id")
        if (m.role in NATIONAL) is (m.prison is None) and (m.prison is None or m.prison.switched_on)
    }
    choices = {(choice.reader_id, choice.prison_id): choice for choice in DigestChoice.objects.all()}
    return [
        Reader(user, prison, _wish(choices.get(key), national=prison is None)) for key, (user, prison) in places.items()
    ]
