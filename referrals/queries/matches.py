"""Matches: who waits for an answer, who helps with a plan, and what went before."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from buddyscheme.accounts.models import Prison
from referrals.models import Match, Plan
from schemes.models import Custody, Person


def matches_of(prison: Prison) -> QuerySet[Match]:
    """Every match of the prison with both people."""
    rows: QuerySet[Match] = Match.objects.for_prison(prison)
    return rows.select_related("plan__person", "buddy__person", "proposed_by")


def proposed(prison: Prison) -> QuerySet[Match]:
    """Matches about which both people have yet to be asked, oldest first."""
    return matches_of(prison).filter(status=Match.Status.PROPOSED).order_by("proposed_at", "id")


def live(prison: Prison) -> QuerySet[Match]:
    """Matches that have not ended, by the recipient's name."""
    rows = matches_of(prison).filter(status__in=Match.LIVE)
    return rows.order_by("plan__person__last_name", "plan__person__first_name", "part", "id")


def matches_on(plan: Plan) -> QuerySet[Match]:
    """All matches of a plan: the live ones first (first buddy before second), then the newest."""
    rows: QuerySet[Match] = Match.objects.for_prison(plan.prison_id).filter(plan=plan)
    ended = Case(When(status__in=Match.LIVE, then=Value(0)), default=Value(1))
    return rows.select_related(
        "buddy__person", "instead_of__person", "proposed_by", "person_agreed_by", "buddy_agreed_by", "ended_by"
    ).order_by(ended, "part", "-proposed_at", "-id")


def live_parts(plan: Plan) -> set[str]:
    """Which parts of the plan are taken."""
    return set(Match.objects.filter(plan=plan, status__in=Match.LIVE).values_list("part", flat=True))


def waiting_for_buddy(prison: Prison) -> QuerySet[Plan]:
    """Active plans with no first buddy and nobody being asked, longest waiting first."""
    taken = Match.objects.filter(part=Match.Part.LEAD, status__in=Match.LIVE).values("plan")
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison).filter(status=Plan.Status.ACTIVE).exclude(pk__in=taken)
    return rows.select_related("person").order_by("activated_at", "id")


def locked_pair(persons: Iterable[int]) -> list[Person]:
    """Both people's records held until the transaction ends: a keep-apart record about them waits, or came first."""
    return list(Person.objects.select_for_update(no_key=True).filter(pk__in=set(persons)).order_by("pk"))


def wing_id_of(person: str) -> Subquery:
    """For a queryset with a prison: the wing of a person's newest time there, ended or not."""
    rows = Custody.objects.filter(person=OuterRef(person), prison=OuterRef("prison_id"))
    return Subquery(rows.order_by("-started_at", "-id").values("wing")[:1])
