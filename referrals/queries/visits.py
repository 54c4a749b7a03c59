"""Visits as they stand after corrections, and their history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.db.models.functions import TruncWeek

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.dates import week_of
from referrals.models import HelpCheck, Match, PlannedVisit, Visit, WeekConfirmation
from referrals.queries.matches import wing_id_of
from referrals.rules.visits import PlannedFact
from schemes.models import Buddy

# A week that nobody confirmed is asked for during four weeks; then its month is being closed.
WEEKS_BACK = 4


def newest_versions(prison: Prison | str) -> QuerySet[Visit]:
    """Visits in their newest version."""
    # Not `replaced_by__isnull`: its outer join hides from the planner that nearly every visit is the newest, and the
    # whole year is then joined and sorted for one page.
    newer = Visit.objects.filter(replaces=OuterRef("pk"))
    rows: QuerySet[Visit] = Visit.objects.for_prison(prison).filter(~Exists(newer))
    return rows


def visits_of(prison: Prison) -> QuerySet[Visit]:
    """The same with both people."""
    return newest_versions(prison).select_related("person", "buddy__person", "planned")


def newest_first(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """As lists show them."""
    return visits.order_by("-day", "-entered_at", "-id")


def first_versions(prison: Prison) -> QuerySet[Visit]:
    """Visits as they were first entered."""
    rows: QuerySet[Visit] = Visit.objects.for_prison(prison).filter(replaces__isnull=True)
    return rows


def versions_of(visit: Visit) -> list[Visit]:
    """Every version of one visit, newest first."""
    rows: QuerySet[Visit] = Visit.objects.for_prison(visit.prison_id).filter(planned=visit.planned_id)
    return list(rows.select_related("entered_by", "slip__sheet", "buddy__person", "window__terminal").order_by("-id"))


def is_logged(planned: PlannedVisit) -> bool:
    """Whether something is recorded about it."""
    return Visit.objects.filter(planned=planned).exists()


def matched_buddies(planned: PlannedVisit) -> QuerySet[Buddy]:
    """Buddies who were matched to the plan by that day: who can have come."""
    matched = Match.objects.filter(plan=planned.plan_id, started_on__lte=planned.day).values("buddy")
    rows: QuerySet[Buddy] = Buddy.objects.for_prison(planned.prison_id).filter(pk__in=matched)
    return rows.select_related("person").order_by("person__last_name", "person__first_name", "id")


def matched_by_visit(prison: Prison, ids: list[int]) -> dict[int, set[int]]:
    """The same for many visits at once: ids of buddies by planned visit."""
    rows = PlannedVisit.objects.for_prison(prison).filter(pk__in=ids).values_list("pk", "plan_id", "day")
    visits = list(rows)
    matches = Match.objects.for_prison(prison).filter(plan__in={plan for _, plan, _ in visits})
    started = list(matches.exclude(started_on=None).values_list("plan_id", "buddy_id", "started_on"))
    return {
        pk: {buddy for of_plan, buddy, since in started if of_plan == plan and since is not None and since <= day}
        for pk, plan, day in visits
    }


def weeks_to_confirm(prison: Prison, today: date) -> QuerySet[Visit, dict[str, Any]]:
    """Weeks of wings that are over and not confirmed: rows of `wing_id`, `week` (its Monday) and `visits`."""
    this_week = week_of(today).monday
    confirmed = WeekConfirmation.objects.filter(wing=OuterRef("wing_id"), week_starts_on=OuterRef("week"))
    rows = (
        first_versions(prison)
        .filter(day__lt=this_week, day__gte=this_week - timedelta(weeks=WEEKS_BACK))
        .annotate(wing_id=wing_id_of("person_id"), week=TruncWeek("day"))
        .filter(wing_id__isnull=False)
        .order_by()
        .values("wing_id", "week")
        .annotate(visits=Count("id"))
        .filter(~Exists(confirmed))
    )
    return cast("QuerySet[Visit, dict[str, Any]]", rows.order_by(F("week"), "wing_id"))


def narrowed(visits: QuerySet[Visit], answers: dict[str, Any]) -> QuerySet[Visit]:
    """Apply the filter of the list: `wing` (a code), `outcome`, `source`, `since`, `until`."""
    if "wing" in answers:
        wings = Wing.objects.filter(code=answers["wing"]).values("pk")
        visits = visits.annotate(wing_id=wing_id_of("person_id")).filter(wing_id__in=wings)
    asked = {"outcome": "outcome", "source": "source", "since": "day__gte", "until": "day__lte"}
    return visits.filter(**{lookup: answers[name] for name, lookup in asked.items() if name in answers})


def asked_about(planned: list[int]) -> set[int]:
    """Which of these planned visits the person was asked about."""
    rows = HelpCheck.objects.filter(visit__planned__in=planned)
    return set(rows.values_list("visit__planned_id", flat=True))


CHUNK = 5000


def planned_facts(prison: Prison, ids: list[int]) -> Iterator[PlannedFact]:
    """What the plans held, for many visits by id: as much as recording needs, without an object each."""
    columns = ("pk", "person_id", "buddy_id", "day", "session", "tasks", "cancelled_at")
    for start in range(0, len(ids), CHUNK):
        rows = PlannedVisit.objects.for_prison(prison).filter(pk__in=ids[start : start + CHUNK])
        for pk, person_id, buddy_id, day, session, tasks, cancelled_at in rows.values_list(*columns):
            yield PlannedFact(
                id=pk,
                person_id=person_id,
                buddy_id=buddy_id,
                day=day,
                session=session,
                tasks=tuple(tasks),
                cancelled=cancelled_at is not None,
            )


def logged_of(prison: Prison, ids: list[int]) -> set[int]:
    """Which of these planned visits are on record."""
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        rows = first_versions(prison).filter(planned__in=ids[start : start + CHUNK])
        found.update(rows.values_list("planned_id", flat=True))
    return found
