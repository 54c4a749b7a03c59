"""Unmet personal care: open needs, longest first, and how many days each has waited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import UnmetNeed, UnmetNeedAnswer, UnmetNeedPut
from referrals.queries.places import with_place
from schemes.models import Person, TaskKind
from schemes.queries.people import still_read

OPEN = Q(met_on__isnull=True, left_on__isnull=True)


def needs_of(prison: Prison) -> QuerySet[UnmetNeed]:
    """Every need with its person: open ones first, of these the ones put to nobody, the longest on top."""
    rows: QuerySet[UnmetNeed] = still_read(UnmetNeed.objects.for_prison(prison))
    put = Exists(UnmetNeedPut.objects.filter(need=OuterRef("pk")))
    met = Case(
        When(OPEN & ~put, then=Value(0)), When(OPEN, then=Value(1)), default=Value(2), output_field=IntegerField()
    )
    return with_place(rows).select_related("person", "task", "plan").order_by(met, "known_on", "id")


def open_needs(prison: Prison) -> QuerySet[UnmetNeed]:
    """Not met yet, of people who are here."""
    return needs_of(prison).filter(OPEN)


def met_needs(prison: Prison) -> QuerySet[UnmetNeed]:
    """Met at last."""
    return needs_of(prison).filter(met_on__isnull=False)


def left_needs(prison: Prison) -> QuerySet[UnmetNeed]:
    """Never met: the person left first."""
    return needs_of(prison).filter(left_on__isnull=False)


def puts_before(put: UnmetNeedPut) -> QuerySet[UnmetNeedPut]:
    """Everybody whom the same need was put to before, oldest first."""
    rows = UnmetNeedPut.objects.filter(need=put.need_id, pk__lt=put.pk)
    return rows.order_by("put_on", "id")


def with_last_put(rows: QuerySet[UnmetNeed]) -> QuerySet[Any]:
    """Add `put_to`, `put_department`, `put_on` of the last time it was put to somebody, and `said`, the last answer."""
    puts = UnmetNeedPut.objects.filter(need=OuterRef("pk")).order_by("-put_on", "-id")
    answers = UnmetNeedAnswer.objects.filter(put__need=OuterRef("pk")).order_by("-answered_on", "-id")
    return rows.annotate(
        put_to=Subquery(puts.values("to")[:1]),
        put_department=Subquery(puts.values("department")[:1]),
        put_on=Subquery(puts.values("put_on")[:1]),
        said=Subquery(answers.values("said")[:1]),
    )


def put_to_nobody(prison: Prison) -> QuerySet[UnmetNeed]:
    """Open, and nobody was asked yet."""
    return open_needs(prison).filter(~Exists(UnmetNeedPut.objects.filter(need=OuterRef("pk"))))


def puts_of(need: UnmetNeed) -> QuerySet[UnmetNeedPut]:
    """Everybody whom the need was put to, newest first, each with its answers."""
    answers = UnmetNeedAnswer.objects.select_related("recorded_by").order_by("answered_on", "id")
    rows = need.puts.select_related("put_by").prefetch_related(Prefetch("answers", queryset=answers))
    return rows.order_by("-put_on", "-id")


def needs_of_person(prison: Prison, person: Person) -> QuerySet[UnmetNeed]:
    """One person's needs at this prison."""
    return needs_of(prison).filter(person=person)


def has_open_need(prison: Prison, person: Person) -> bool:
    """Whether personal care that the person does not get is on record already."""
    found: bool = UnmetNeed.objects.for_prison(prison).filter(OPEN, person=person).exists()
    return found


def personal_care() -> QuerySet[TaskKind]:
    """The prohibited tasks that are a need of the person when nobody does them."""
    return TaskKind.objects.filter(opens=TaskKind.Opens.UNMET_NEED).order_by("position", "code")


def days_waiting(need: UnmetNeed, today: date) -> int:
    """The day on which it was known is day 1; the day on which it is met, or the person leaves, is not counted."""
    end = need.met_on or need.left_on
    if end is not None:
        return (end - need.known_on).days
    return (today - need.known_on).days + 1


def days_on(need: UnmetNeed, day: date) -> int:
    """Which day without it a day was; the day on which it became known is day 1."""
    return (day - need.known_on).days + 1


def days_touched(need: UnmetNeed, today: date) -> Iterator[date]:
    """Every day from the one on which it was known until today: whose figures a change may move."""
    day = need.known_on
    while day <= today:
        yield day
        day += timedelta(days=1)
