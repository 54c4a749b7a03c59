"""Who is due for supervision, and what was recorded. The list, its filter and the home page ask the same rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import DateField, DurationField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of, in_list_order
from training.models import Supervision, SupervisionAction
from training.rules.supervision import IN_ROLE, SOON

KIND, OUTCOME = Supervision.Kind, Supervision.Outcome


class Show(StrEnum):
    """Parts of the supervision list."""

    TO_DO = "todo"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"


SHOWN: dict[str, str] = {
    Show.TO_DO: "To do: due, late or missed",
    Show.DUE: "Due in 7 days",
    Show.LATE: "Late",
    Show.MISSED: "Missed and not held since",
}


def supervised(prison: Prison) -> QuerySet[Any]:
    """Every active buddy with `last_held`, `due_on`, and `missed_on` and `missed_why` of the newest missed one.

    A group meeting counts as held only where the scheme says so. The first is due so many months after the start.
    """
    own = Supervision.objects.filter(buddy=OuterRef("pk"))
    counts = Q(kind=KIND.ONE_TO_ONE) | Q(buddy__scheme__group_counts=True)
    held = own.filter(counts, outcome=OUTCOME.HELD).order_by("-held_on", "-id")
    missed = own.filter(outcome=OUTCOME.MISSED).order_by("-held_on", "-id")
    months = Func(F("scheme__supervision_months"), template="make_interval(months => %(expressions)s::int)")
    months.output_field = DurationField()
    rows = buddies_of(prison).filter(status=Buddy.Status.ACTIVE)
    dated: QuerySet[Any] = rows.annotate(
        last_held=Subquery(held.values("held_on")[:1]),
        missed_on=Subquery(missed.values("held_on")[:1]),
        missed_why=Subquery(missed.values("reason")[:1]),
        since=Coalesce(F("last_held"), F("started_on"), output_field=DateField()),
    ).annotate(due_on=Cast(F("since") + months, DateField()))
    return dated.order_by("due_on", "person__last_name", "person__first_name", "id")


def supervision_list(prison: Prison, today: date, show: str = "") -> QuerySet[Any]:
    """The part of the list that is asked for, first to be held first; everybody without one."""
    rows = supervised(prison)
    missed = Q(missed_on__gt=F("since"))
    parts = {
        Show.TO_DO: Q(due_on__lte=today + SOON) | missed,
        Show.DUE: Q(due_on__range=(today, today + SOON)),
        Show.LATE: Q(due_on__lt=today),
        Show.MISSED: missed,
    }
    return rows.filter(parts[Show(show)]) if show in parts else rows


def to_do(prison: Prison, today: date) -> QuerySet[Any]:
    """Due within a week, late, or missed and not held since."""
    return supervision_list(prison, today, Show.TO_DO)


def record_of(buddy: Buddy) -> QuerySet[Any]:
    """Everything recorded about one buddy's supervision, newest first."""
    rows: QuerySet[Any] = Supervision.objects.filter(buddy=buddy).select_related("recorded_by")
    return rows.order_by("-held_on", "-id")


def open_actions(buddy: Buddy) -> QuerySet[SupervisionAction]:
    """What was agreed and is not done, first to be done first."""
    rows: QuerySet[SupervisionAction] = SupervisionAction.objects.filter(buddy=buddy, closed_at__isnull=True)
    return rows.select_related("supervision").order_by("due_on", "id")


def actions_of(buddy: Buddy) -> QuerySet[SupervisionAction]:
    """Everything that was ever agreed, open ones first, then the newest."""
    rows: QuerySet[SupervisionAction] = SupervisionAction.objects.filter(buddy=buddy)
    return rows.select_related("supervision", "closed_by").order_by(
        F("closed_at").desc(nulls_first=True), "-due_on", "-id"
    )


def locked_actions(buddy: Buddy, ids: Collection[int]) -> list[SupervisionAction]:
    """Open actions of these ids, held until the transaction ends."""
    rows = SupervisionAction.objects.select_for_update(of=("self",)).filter(buddy=buddy, closed_at__isnull=True)
    return list(rows.filter(pk__in=ids).order_by("pk"))


def taken_on(buddies: Collection[int], kind: str, day: date) -> set[int]:
    """Which of these buddies have one of this kind on the day, held or missed."""
    rows = Supervision.objects.filter(buddy__in=buddies, kind=kind, held_on=day)
    return set(rows.values_list("buddy_id", flat=True))


def may_meet(prison: Prison) -> list[Buddy]:
    """Who can come to a group meeting: everybody in the role, by name."""
    return list(in_list_order(buddies_of(prison).filter(status__in=IN_ROLE)))
