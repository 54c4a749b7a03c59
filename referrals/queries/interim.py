"""Interim help: who could give it today, what ends soon, and what is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.matching import Suggestion
from referrals.models import Match, Plan
from referrals.queries.plans import plans_of
from referrals.queries.suggestions import Facts, facts_before_plan
from referrals.rules.interim import LISTED_WITHIN
from schemes.models import Person, TaskKind
from schemes.queries.people import custodies_of
from schemes.queries.schemes import allowed_tasks, scheme_of

RUNS = (Plan.Status.ACTIVE, Plan.Status.PAUSED)


def interim_of(prison: Prison) -> QuerySet[Plan]:
    """Interim help that runs, by name."""
    return plans_of(prison).filter(status__in=RUNS, interim_until__isnull=False, made_full_at__isnull=True)


def ends_soon(prison: Prison, today: date) -> QuerySet[Plan]:
    """From its tenth day on: somebody has to decide whether the help goes on."""
    return interim_of(prison).filter(interim_until__lte=today + LISTED_WITHIN)


def over(prison: Prison, today: date) -> QuerySet[Plan]:
    """Its last day has passed."""
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison).filter(
        status__in=RUNS, interim_until__lt=today, made_full_at__isnull=True
    )
    return rows.order_by("id")


def everyday_tasks(prison: Prison, today: date) -> list[TaskKind]:
    """The everyday tasks that this scheme allows."""
    scheme = scheme_of(prison)
    return [task for task in allowed_tasks(scheme, today) if task.everyday] if scheme is not None else []


def wings_of(prison: Prison, people: Iterable[int]) -> dict[int, str]:
    """On which wing each lives now; empty where that is not recorded."""
    rows = custodies_of(prison).filter(person__in=list(people)).values_list("person_id", "wing__code")
    return {person: str(wing or "") for person, wing in rows}


def facts_of(prison: Prison, person: Person, today: date) -> Facts:
    """Facts about everybody who could help this person from today."""
    return facts_before_plan(prison, person, Match.Part.LEAD, today)


def on_the_wing(facts: Facts, found: Iterable[Suggestion]) -> list[Suggestion]:
    """Those of the person's own wing, in the order given."""
    wing = facts.need.wing
    return [one for one in found if wing and facts.candidates[one.buddy_id].wing == wing]
