"""Who is elsewhere: absences, appointments and weekly work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from buddyscheme.accounts.models import Prison
from schemes.models import Absence, Custody, Person, WeeklyActivity

Activity = Absence | WeeklyActivity


@dataclass(frozen=True)
class Elsewhere:
    """All that is known of where people are, by person."""

    absences: dict[int, list[Absence]] = field(default_factory=dict)
    weekly: dict[int, list[WeeklyActivity]] = field(default_factory=dict)

    def at(self, person_id: int, day: date, session: str) -> list[Activity]:
        """Everything that has the person elsewhere in that session."""
        found: list[Activity] = [a for a in self.absences.get(person_id, ()) if a.covers(day, session)]
        return found + [w for w in self.weekly.get(person_id, ()) if w.covers(day, session)]


def absences_of(prison: Prison) -> QuerySet[Absence]:
    """Absences of the prison that were not taken back."""
    rows: QuerySet[Absence] = Absence.objects.for_prison(prison).filter(cancelled_at__isnull=True)
    return rows.select_related("person")


def weekly_of(prison: Prison) -> QuerySet[WeeklyActivity]:
    """Work and education of every week that nobody ended."""
    rows: QuerySet[WeeklyActivity] = WeeklyActivity.objects.for_prison(prison).filter(ended_at__isnull=True)
    return rows.select_related("person")


def over_since(day: date) -> Q:
    """What was over before the day."""
    return Q(ends_on__lt=day)


def elsewhere(prison: Prison, persons: Iterable[int], since: date) -> Elsewhere:
    """Where these people are from a day on: absences and weekly work in one query, as rows that are not saved."""
    wanted = set(persons)
    absences: QuerySet[Absence] = Absence.objects.for_prison(prison).filter(
        person__in=wanted, cancelled_at__isnull=True
    )
    weekly: QuerySet[WeeklyActivity] = WeeklyActivity.objects.for_prison(prison).filter(
        person__in=wanted, ended_at__isnull=True
    )
    columns = ("person_id", "kind", "starts_on", "first", "ends_on", "last", "days", "recorded_at")
    no_days = Cast(Value(None), output_field=WeeklyActivity._meta.get_field("weekdays"))
    single = absences.exclude(over_since(since)).annotate(
        first=F("starts_session"), last=F("ends_session"), days=no_days
    )
    every = weekly.exclude(over_since(since)).annotate(
        first=F("session"), last=Value("", output_field=CharField()), days=F("weekdays")
    )
    found = Elsewhere(defaultdict(list), defaultdict(list))
    rows = single.order_by().values_list(*columns).union(every.order_by().values_list(*columns), all=True)
    for person_id, kind, starts_on, first, ends_on, last, days, recorded_at in rows.order_by("starts_on", "person_id"):
        told = {"person_id": person_id, "kind": kind, "starts_on": starts_on, "ends_on": ends_on}
        if days is None:
            absence = Absence(**told, starts_session=first, ends_session=last, recorded_at=recorded_at)
            found.absences[person_id].append(absence)
        else:
            activity = WeeklyActivity(**told, weekdays=days, session=first, recorded_at=recorded_at)
            found.weekly[person_id].append(activity)
    return found


def coming(prison: Prison, today: date, *, days: int = 14) -> QuerySet[Absence]:
    """Absences of today and the next days of those who are here, soonest first."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("person_id"), ended_at__isnull=True)
    rows = absences_of(prison).filter(Exists(here), starts_on__lte=today + timedelta(days=days))
    return rows.exclude(over_since(today)).order_by("starts_on", "person__last_name", "person__first_name", "id")


def coming_of(prison: Prison, person: Person, today: date) -> QuerySet[Absence]:
    """One person's absences that are not over."""
    return absences_of(prison).filter(person=person).exclude(over_since(today)).order_by("starts_on", "id")


def weekly_of_person(prison: Prison, person: Person, today: date) -> QuerySet[WeeklyActivity]:
    """One person's weekly work that is not over."""
    rows = weekly_of(prison).filter(person=person).exclude(over_since(today))
    return rows.order_by("session", "id")
