"""Buddies' records between prisons: received, sent, and late."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds
from referrals.models import BuddyPack, PackDecision
from referrals.rules.packs import newest_overdue
from schemes.models import Buddy, CustodyClaim, StandDown
from schemes.queries.buddies import buddies_of
from training.models import Module
from training.queries.results import modules


def received_by(prison: Prison) -> QuerySet[Any]:
    """Records that other prisons sent here: those that wait, the oldest first; then the last to be acknowledged."""
    rows: QuerySet[Any] = BuddyPack.objects.filter(to_prison=prison).select_related("prison", "acknowledged_by")
    return rows.order_by(F("acknowledged_at").desc(nulls_first=True), "sent_at", "id")


def to_acknowledge(prison: Prison) -> QuerySet[Any]:
    """Received records that nobody here has acknowledged, the oldest first."""
    return received_by(prison).filter(acknowledged_at__isnull=True).order_by("sent_at", "id")


def sent_by_prison(prison: Prison) -> QuerySet[Any]:
    """Records that this prison sent, the newest first."""
    rows: QuerySet[Any] = BuddyPack.objects.for_prison(prison).select_related("to_prison", "sent_by")
    return rows.order_by("-sent_at", "-id")


def overdue(packs: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Of these records those whose two working days have passed without an answer, the oldest first."""
    _, end = day_bounds(newest_overdue(today))
    return packs.filter(acknowledged_at__isnull=True, sent_at__lt=end).order_by("sent_at", "id")


def visible_to(prison: Prison) -> QuerySet[Any]:
    """Records that this prison sent or received."""
    rows: QuerySet[Any] = BuddyPack.objects.filter(Q(prison=prison) | Q(to_prison=prison))
    return rows.select_related("prison", "to_prison")


def decisions_about(pack: BuddyPack) -> dict[str, PackDecision]:
    """What the receiving prison decided, by the code of the module. The sender is told nothing of it."""
    rows = PackDecision.objects.for_prison(pack.to_prison_id).filter(pack=pack)
    return {row.module_code: row for row in rows.select_related("decided_by", "prior")}


def known_modules(prison: Prison, codes: list[str]) -> dict[str, Module]:
    """Of these the modules that this prison uses."""
    return {module.code: module for module in modules(prison).filter(code__in=codes)}


def record_here(pack: BuddyPack) -> Buddy | None:
    """The open record of the same person at the receiving prison."""
    rows = buddies_of(pack.to_prison).filter(person__prison_number=pack.prison_number, status__in=Buddy.OPEN)
    found: Buddy | None = rows.first()
    return found


def sent_to(buddy: Buddy) -> set[str]:
    """Codes of the prisons that have this buddy's record."""
    return set(BuddyPack.objects.for_prison(buddy.prison_id).filter(buddy=buddy).values_list("to_prison", flat=True))


def other_prisons(prison: Prison) -> QuerySet[Prison]:
    """Prisons that use the service, by name."""
    rows: QuerySet[Prison] = Prison.objects.filter(switched_on=True, closed=False).exclude(pk=prison.pk)
    return rows.order_by("name", "code")


def moved_to(buddy: Buddy) -> str:
    """Code of the prison to which this one last answered that the person has moved, or nothing."""
    claims = CustodyClaim.objects.for_prison(buddy.prison_id).filter(person=buddy.person_id, answer="MOVED")
    return claims.order_by("-answered_at", "-id").values_list("claimed_by_prison", flat=True).first() or ""


def suspended_since(buddy: Buddy) -> date | None:
    """Since when a suspension was running on the day on which the person left, or runs now."""
    rows = StandDown.objects.for_prison(buddy.prison_id).filter(buddy=buddy, kind=StandDown.Kind.SUSPENDED)
    running = Q(ended_on__isnull=True)
    if buddy.ended_on is not None:
        running |= Q(ended_on__gte=buddy.ended_on)
    return rows.filter(running).order_by("-starts_on", "-id").values_list("starts_on", flat=True).first()
