"""Planned classes: lists, who is booked, who was there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.lib.dates import london_time, london_today, week_of
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of, in_list_order
from training.models import Attendance, ClassPlace, ClassSession, ModuleResult
from training.queries.board import class_list
from training.rules.results import State

S = ClassSession.Status
TEACHES = ("TRAINER", "LEAD", "DEPUTY_LEAD")


@dataclass(frozen=True)
class Choosable:
    """Somebody who may be booked, where they stand in the module, and whether they are booked."""

    buddy: Buddy
    state: State
    booked: bool


def sessions_of(prison: Prison) -> QuerySet[Any]:
    """Every class with module, trainer and `taken`, how many places are taken. Next ones first."""
    rows: QuerySet[Any] = ClassSession.objects.for_prison(prison).select_related("module", "trainer")
    taken = Count("booked", filter=Q(booked__freed_at__isnull=True))
    counted: QuerySet[Any] = rows.annotate(taken=taken)
    return counted.order_by("held_on", "starts_at", "id")


def to_come(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Planned classes from today on."""
    return sessions_of(prison).filter(status=S.PLANNED, held_on__gte=london_today(now))


def this_week(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Classes of the week, Monday to Sunday, that were not cancelled."""
    week = week_of(london_today(now))
    return sessions_of(prison).filter(held_on__range=(week.first, week.last)).exclude(status=S.CANCELLED)


def to_mark(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Planned classes that have begun."""
    local = london_time(now)
    begun = Q(held_on__lt=local.date()) | Q(held_on=local.date(), starts_at__lte=local.time())
    return sessions_of(prison).filter(begun, status=S.PLANNED)


def locked_session(session: ClassSession) -> ClassSession:
    """The row as it is now, held until the transaction ends: places are counted under this lock."""
    rows = ClassSession.objects.select_for_update(of=("self",)).select_related("module", "prison")
    found: ClassSession = rows.get(pk=session.pk)
    return found


def places_taken(session: ClassSession) -> QuerySet[ClassPlace]:
    """Places that are taken."""
    rows: QuerySet[ClassPlace] = ClassPlace.objects.filter(session=session, freed_at__isnull=True)
    return rows


def people_of(session: ClassSession) -> list[Buddy]:
    """Who is booked, by name, wherever they are now."""
    ids = places_taken(session).values("buddy")
    return list(in_list_order(buddies_of(session.prison).filter(pk__in=ids)))


def attendance_of(session: ClassSession) -> dict[int, bool]:
    """Who was there, by buddy: the newest answer of each."""
    rows = Attendance.objects.filter(session=session).order_by("buddy_id", "-id").distinct("buddy_id")
    return dict(rows.values_list("buddy_id", "there"))


def results_in(session: ClassSession, buddy_ids: Iterable[int] | None = None) -> dict[int, ModuleResult]:
    """What was recorded for this class and was not replaced, by buddy. A row that took something back is among them."""
    rows: QuerySet[ModuleResult] = ModuleResult.objects.filter(session=session, replaced_by__isnull=True)
    if buddy_ids is not None:
        rows = rows.filter(buddy__in=set(buddy_ids))
    return {row.buddy_id: row for row in rows}


def bookable(session: ClassSession, today: date, *, everybody: bool) -> list[Choosable]:
    """Who may be booked, by name: those who need the module, those who are booked already, or everybody."""
    booked = set(places_taken(session).values_list("buddy_id", flat=True))
    listed = class_list(session.prison, session.module, today, everybody=True)
    found = [Choosable(buddy, state, buddy.pk in booked) for buddy, state in listed]
    return [each for each in found if everybody or each.booked or each.state != State.IN_DATE]


def trainers_of(prison: Prison, today: date) -> QuerySet[User]:
    """Who may be named as the trainer of a class: trainers, and leads, by name."""
    held = Membership.objects.current(today).filter(prison=prison, role__in=TEACHES)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "id")
