"""Printed cards: which there are, and which one waits at a terminal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import CardScan, TerminalCard, TerminalWindow
from referrals.rules.cards import is_waiting


def live_cards(prison: Prison) -> QuerySet[TerminalCard]:
    """Cards that are not withdrawn, by name."""
    rows: QuerySet[TerminalCard] = TerminalCard.objects.for_prison(prison).filter(withdrawn_at=None)
    return rows.select_related("person", "issued_by").order_by("person__last_name", "person__first_name", "id")


def cards_are_used(prison: Prison) -> bool:
    """Whether the prison has printed any, so that its terminals speak of them."""
    return bool(TerminalCard.objects.for_prison(prison).filter(withdrawn_at=None).exists())


def newest_scan(window: TerminalWindow) -> CardScan | None:
    """The card that was held to this terminal's scanner last."""
    rows: QuerySet[CardScan] = CardScan.objects.for_prison(window.prison_id).filter(window=window)
    return rows.select_related("card__person").order_by("-id").first()


def waiting_scan(window: TerminalWindow, now: datetime) -> CardScan | None:
    """The card that waits for the officer's look."""
    found = newest_scan(window)
    return found if found is not None and is_waiting(found, now) else None
