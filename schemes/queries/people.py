"""Who is here, where, and who is kept from whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.dates import day_bounds
from buddyscheme.scope.transaction import DatabaseRole, scoped
from schemes.models import CellMove, Custody, KeepApart, Person


def custodies_of(prison: Prison) -> QuerySet[Custody]:
    """Who is held here now, with person and wing: what lists of people are made from."""
    rows: QuerySet[Custody] = Custody.objects.for_prison(prison)
    return rows.filter(ended_at__isnull=True).select_related("person", "wing")


ID = BigIntegerField()


def lived_on(prison: Prison, wing_id: int, day: date) -> QuerySet[Custody]:
    """Stays of those who lived on a wing when the day was over, or when they left on it."""
    begins, ends = day_bounds(day)
    # The first move since tells from where; from a wing that was not recorded is from nowhere, not from where they are.
    later = CellMove.objects.filter(custody=OuterRef("pk"), moved_at__gte=ends).order_by("moved_at", "id")
    moved_from = Case(
        When(Exists(later), then=Subquery(later.values("from_wing_id")[:1])), default=F("wing_id"), output_field=ID
    )
    rows: QuerySet[Custody] = Custody.objects.for_prison(prison).filter(started_at__lt=ends)
    return rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=begins)).annotate(then=moved_from).filter(then=wing_id)


def people_of(prison: Prison) -> QuerySet[Person]:
    """People held here now."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("pk"), ended_at__isnull=True)
    return Person.objects.filter(Exists(here))


def people_ever_of(prison: Prison) -> QuerySet[Person]:
    """People held here now or before: whose page this prison may open."""
    here = Custody.objects.for_prison(prison).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(here))


def still_read(rows: QuerySet[Any], person: str = "person") -> QuerySet[Any]:
    """Rows of a list without those whose person this prison may no longer read: they are counted as they are shown."""
    found: QuerySet[Any] = rows.filter(Exists(Person.objects.filter(pk=OuterRef(person))))
    return found


def person_here(prison: Prison, prison_number: str) -> Person | None:
    """The person of this number who is held here now. Says nothing about any other prison."""
    return people_of(prison).filter(prison_number=prison_number).first()


def person_ever(prison: Prison, prison_number: str) -> Person | None:
    """The person of this number who is or was held here, not one that is joined with another number."""
    rows = people_ever_of(prison).filter(prison_number=prison_number, same_as__isnull=True)
    return rows.order_by("provisional", "-id").first()


def goes_on_as(prison: Prison, person: Person) -> Person | None:
    """The record of this prison with which the person's is joined, if it is. One of another prison is not named."""
    if person.same_as_id is None:
        return None
    return people_ever_of(prison).filter(pk=person.same_as_id).first()


def joined_number(prison: Prison, prison_number: str) -> Person | None:
    """The record of this number that leads to another one of this prison."""
    rows = people_ever_of(prison).filter(prison_number=prison_number, same_as__in=people_ever_of(prison))
    return rows.order_by("-id").first()


def joined_with(prison: Prison, person: Person) -> QuerySet[Person]:
    """Records of this prison that lead to the person's."""
    return people_ever_of(prison).filter(same_as=person).order_by("id")


def custody_of(prison: Prison, person: Person) -> Custody | None:
    """The person's running period here, with its wing."""
    return custodies_of(prison).filter(person=person).first()


def last_custody_of(prison: Prison, person: Person) -> Custody | None:
    """The person's newest period here, ended or not, with its wing."""
    rows: QuerySet[Custody] = Custody.objects.for_prison(prison).filter(person=person)
    return rows.select_related("person", "wing", "moved_to").order_by("-started_at", "-id").first()


def is_back(custody: Custody) -> bool:
    """Whether whoever left is held here again by now."""
    rows: QuerySet[Custody] = Custody.objects.for_prison(custody.prison_id)
    return rows.filter(person=custody.person_id, ended_at__isnull=True).exists()


def cellmates(prison: Prison, person: Person) -> set[int]:
    """Ids of those who share the person's cell now. A cell that is not known is shared with nobody."""
    mine = custody_of(prison, person)
    if mine is None or not mine.cell:
        return set()
    same = custodies_of(prison).filter(wing=mine.wing_id, cell=mine.cell).exclude(person=person)
    return set(same.values_list("person_id", flat=True))


def matching(custodies: QuerySet[Custody], words: str) -> QuerySet[Custody]:
    """Narrow a list by a prison number, or by parts of first and last names in any order."""
    for word in words.split():
        custodies = custodies.filter(
            Q(person__prison_number=word.upper())
            | Q(person__last_name__istartswith=word)
            | Q(person__first_name__istartswith=word)
            | Q(person__preferred_name__istartswith=word)
        )
    return custodies


def keep_apart_others(person_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each person the ids of those they are kept from by an open record, in either direction.

    Runs across prisons and goes by prison number, not by row: a person who has only just been added here, while
    another prison still has them on its list, is kept apart from the same people. Ids only; the caller shows none
    of it but that a pair is refused.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    asked = Person.objects.filter(pk__in=wanted)
    with scoped(DatabaseRole.NATIONAL):
        running = KeepApart.objects.filter(
            ended_at__isnull=True, person__prison_number__in=asked.values("prison_number")
        )
        pairs = list(running.values_list("person__prison_number", "other__prison_number"))
        rows_of = defaultdict(set)
        if pairs:
            both = Person.objects.filter(prison_number__in={number for pair in pairs for number in pair})
            for number, pk in both.values_list("prison_number", "pk"):
                rows_of[number].add(pk)
    kept: dict[int, set[int]] = {pk: set() for pk in wanted}
    for number, other in pairs:
        for pk in rows_of[number] & wanted:
            kept[pk] |= rows_of[other]
    return kept


def wing_by_code(prison: Prison, code: str) -> Wing | None:
    """A wing of the prison that is in use, by its code."""
    return Wing.objects.filter(prison=prison, code=code, closed=False).first()
