"""Overrides: who waits for a decision, which run, and until when each thing of a buddy is waived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy
from training.models import Override

Decision = Override.Decision


@dataclass(frozen=True)
class OverrideUntil:
    """An approved override: the code of a module or COMPACT, and its last day."""

    code: str
    ends_on: date


def overrides_until(buddy_ids: Iterable[int]) -> dict[int, tuple[OverrideUntil, ...]]:
    """Every approved override of these buddies, ended ones too. One query, however many."""
    found: dict[int, list[OverrideUntil]] = defaultdict(list)
    rows = Override.objects.filter(buddy__in=set(buddy_ids), decision=Decision.APPROVED)
    for buddy_id, module, ends_on in rows.order_by("id").values_list("buddy_id", "module_id", "ends_on"):
        found[buddy_id].append(OverrideUntil(module or Override.Item.COMPACT, ends_on))
    return {pk: tuple(each) for pk, each in found.items()}


def overrides_of(prison: Prison) -> QuerySet[Override]:
    """Every override of the prison, newest first."""
    rows: QuerySet[Override] = Override.objects.for_prison(prison)
    rows = rows.select_related("buddy__person", "buddy__scheme", "module", "asked_by", "decided_by")
    return rows.order_by("-asked_at", "-id")


def waiting(prison: Prison) -> QuerySet[Override]:
    """Those on which the governor's delegate has to decide, oldest first."""
    return overrides_of(prison).filter(decision=Decision.WAITING, buddy__status__in=Buddy.OPEN).order_by("asked_at")


def running(prison: Prison, today: date) -> QuerySet[Override]:
    """Approved, and their last day has not passed; the next to end first."""
    rows = overrides_of(prison).filter(decision=Decision.APPROVED, ends_on__gte=today)
    return rows.order_by("ends_on", "id")


def ended(prison: Prison, today: date) -> QuerySet[Override]:
    """Approved, and over by their date."""
    return overrides_of(prison).filter(decision=Decision.APPROVED, ends_on__lt=today)


def overrides_of_buddy(buddy: Buddy) -> QuerySet[Override]:
    """Every override of one buddy, newest first."""
    rows: QuerySet[Override] = Override.objects.for_prison(buddy.prison_id).filter(buddy=buddy)
    return rows.select_related("module", "asked_by", "decided_by").order_by("-asked_at", "-id")


def is_open(buddy: Buddy, *, item: str, module: str | None, today: date) -> bool:
    """Whether one for the same thing waits or runs."""
    rows = Override.objects.filter(buddy=buddy, item=item, module=module)
    waits = rows.filter(decision=Decision.WAITING).exists()
    return waits or rows.filter(decision=Decision.APPROVED, ends_on__gte=today).exists()
