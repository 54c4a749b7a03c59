"""The other prisons that somebody may move to."""

from __future__ import annotations

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison


def other_prisons(prison: Prison) -> QuerySet[Prison]:
    """Open prisons by name: fictional ones for a fictional prison, those of the register for a real one."""
    rows: QuerySet[Prison] = Prison.objects.filter(closed=False, fictional=prison.fictional).exclude(pk=prison.pk)
    return rows.order_by("name", "code")
