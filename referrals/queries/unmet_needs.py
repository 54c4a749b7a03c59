"""Unmet personal care: open needs, longest first, and how many days each has waited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Case, IntegerField, QuerySet, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import UnmetNeed
from referrals.queries.places import with_place
from schemes.models import Person, TaskKind


def needs_of(prison: Prison) -> QuerySet[UnmetNeed]:
    """Every need with its person: open ones first, the longest on top."""
    rows: QuerySet[UnmetNeed] = UnmetNeed.objects.for_prison(prison)
    met = Case(When(met_on__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return with_place(rows).select_related("person", "task", "plan").order_by(met, "known_on", "id")


def open_needs(prison: Prison) -> QuerySet[UnmetNeed]:
    """Not met yet."""
    return needs_of(prison).filter(met_on__isnull=True)


def needs_of_person(prison: Prison, person: Person) -> QuerySet[UnmetNeed]:
    """One person's needs at this prison."""
    return needs_of(prison).filter(person=person)


def personal_care() -> QuerySet[TaskKind]:
    """The prohibited tasks that are a need of the person when nobody does them."""
    return TaskKind.objects.filter(opens=TaskKind.Opens.UNMET_NEED).order_by("position", "code")


def days_waiting(need: UnmetNeed, today: date) -> int:
    """The day on which it was known is day 1; the day on which it is met is not counted."""
    if need.met_on is not None:
        return (need.met_on - need.known_on).days
    return (today - need.known_on).days + 1


def days_touched(need: UnmetNeed, today: date) -> Iterator[date]:
    """Every day from the one on which it was known until today: whose figures a change may move."""
    day = need.known_on
    while day <= today:
        yield day
        day += timedelta(days=1)
