"""Refused applications: those to tell the person about, and appeals that wait."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison, User
from schemes.models import Buddy, Refusal


def refusals_of(prison: Prison) -> QuerySet[Refusal]:
    """Every refusal with its person, newest first."""
    rows: QuerySet[Refusal] = Refusal.objects.for_prison(prison)
    return rows.select_related("buddy__person", "declined_by").order_by("-declined_at", "-id")


def to_tell(prison: Prison) -> QuerySet[Refusal]:
    """Nobody has recorded that the person was told; a refusal that was taken back needs no telling."""
    return refusals_of(prison).filter(told_on__isnull=True).exclude(outcome=Refusal.Outcome.UPHELD)


def appeals_waiting(prison: Prison) -> QuerySet[Refusal]:
    """Appeals without a decision."""
    return refusals_of(prison).filter(appealed_on__isnull=False, outcome="")


def appeals_for(prison: Prison, user: User) -> QuerySet[Refusal]:
    """Appeals without a decision that this person may decide about: not against their own."""
    return appeals_waiting(prison).exclude(declined_by=user)


def refusal_of(buddy: Buddy) -> Refusal | None:
    """The newest refusal of this record, standing or not."""
    rows: QuerySet[Refusal] = buddy.refusals.select_related("declined_by", "decided_by", "told_entered_by")
    return rows.order_by("-declined_at", "-id").first()


def locked_refusal(refusal: Refusal) -> Refusal:
    """The row as it is now, held until the transaction ends."""
    return Refusal.objects.select_for_update(of=("self",)).select_related("buddy__person").get(pk=refusal.pk)
