"""Several take-overs that were asked for together."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User


class TakeOverBatch(PrisonOwned):
    """One question to the governor's delegate about many buddies: one day for all, one reason.

    The decision stands with each take-over, because each may be refused on its own.
    """

    good_by = models.DateField()
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
