"""Hours planned and worked for the scheme, by week and by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from buddyscheme.accounts.models import Membership, Prison, User
from schemes.models import ProtectedTime
from schemes.queries.schemes import scheme_of


@dataclass(frozen=True, kw_only=True)
class PersonWeek:
    """One named person in one week. `planned` is last week's where nothing is entered yet."""

    user: User
    role: str
    planned: Decimal | None
    worked: Decimal | None
    entered: bool


def weeks_of(prison: Prison) -> QuerySet[Any]:
    """Every week with something entered, newest first: `week`, `planned`, `worked`, `people`, `known`."""
    rows: QuerySet[Any] = ProtectedTime.objects.for_prison(prison).values("week")
    summed: QuerySet[Any] = rows.annotate(
        planned_hours=Sum("planned"),
        worked_hours=Sum("worked"),
        people=Count("id"),
        known=Count("id", filter=Q(worked__isnull=False)),
    )
    return summed.order_by("-week")


def named(prison: Prison, today: date) -> dict[int, tuple[User, str]]:
    """Who runs the scheme here: lead and deputy of its settings, and the trainers, each with what they are."""
    found: dict[int, tuple[User, str]] = {}
    scheme = scheme_of(prison)
    if scheme is not None:
        found[scheme.lead.pk] = (scheme.lead, "Lead")
        if scheme.deputy is not None:
            found.setdefault(scheme.deputy.pk, (scheme.deputy, "Deputy lead"))
    held = Membership.objects.current(today).filter(prison=prison, role="TRAINER")
    for user in User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "id"):
        found.setdefault(user.pk, (user, "Trainer or supervisor"))
    return found


def people_in(prison: Prison, monday: date, today: date) -> list[PersonWeek]:
    """Everybody named, and whoever else has hours in the week, with what is entered."""
    people = named(prison, today)
    rows = ProtectedTime.objects.for_prison(prison).filter(week__in=[monday, monday - timedelta(days=7)])
    own: dict[int, ProtectedTime] = {}
    before: dict[int, Decimal] = {}
    for row in rows.select_related("user").order_by("id"):
        if row.week == monday:
            own[row.user_id] = row
            people.setdefault(row.user_id, (row.user, "No longer named"))
        else:
            before[row.user_id] = row.planned
    return [
        PersonWeek(
            user=user,
            role=role,
            planned=own[pk].planned if pk in own else before.get(pk),
            worked=own[pk].worked if pk in own else None,
            entered=pk in own,
        )
        for pk, (user, role) in people.items()
    ]
