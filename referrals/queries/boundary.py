"""Words that wait for a second person."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from buddyscheme.accounts.models import Prison, User
from referrals.models import HeldText, Plan
from schemes.models import Person


def held_texts_of(prison: Prison) -> QuerySet[HeldText]:
    """Every held text with its plan and writer, oldest first, but of people whom this prison may no longer read."""
    read = Exists(Person.objects.filter(pk=OuterRef("plan__person")))
    rows: QuerySet[HeldText] = HeldText.objects.for_prison(prison).filter(Q(plan__isnull=True) | read)
    return rows.select_related("plan__person", "written_by", "decided_by").order_by("written_at", "id")


def waiting(prison: Prison, decider: User | None = None) -> QuerySet[HeldText]:
    """Nobody has decided yet. For a decider: without what they wrote themselves."""
    rows = held_texts_of(prison).filter(decision=HeldText.Decision.WAITING)
    return rows if decider is None else rows.exclude(written_by=decider)


def waiting_in(plan: Plan) -> dict[tuple[str, int | None], HeldText]:
    """What waits in one plan, by place and row."""
    rows = HeldText.objects.filter(plan=plan, decision=HeldText.Decision.WAITING).order_by("id")
    return {(row.place, row.subject_id): row for row in rows}
