"""Moves from cell to cell, as they happened: what the change list is made from."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.access import ADD, Access
from schemes.models.alert import Source
from schemes.models.custody import Custody


class CellMove(PrisonOwned):
    """One move inside a prison. `moved_at` is when it happened, `recorded_at` when it was written down here."""

    custody = models.ForeignKey(Custody, on_delete=models.PROTECT, related_name="+")
    from_wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    from_cell = models.CharField(max_length=12, blank=True)
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    cell = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    moved_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)

    class Meta:
        indexes = [models.Index(fields=["prison", "recorded_at"], name="cell_move_by_time")]
