"""Numbered paper slips for visits made while the link is down."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User


class PaperSlip(PrisonOwned):
    """One printed slip. Its number is unique in the prison, so a slip is keyed once."""

    number = models.PositiveIntegerField()
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "number"], name="slip_number_once")]
