"""The compact: what a buddy signs before starting, by version."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import READ, Access
from schemes.models.buddy import Buddy


class CompactText(models.Model):
    """One version of the national text."""

    version = models.PositiveSmallIntegerField(primary_key=True)
    text = models.TextField()
    text_cy = models.TextField(blank=True)
    in_force_from = models.DateField()

    access = Access(web=READ, national=READ)


class CompactSignature(PrisonOwned):
    """A compact read aloud and signed on paper, with the member of staff who saw it."""

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="compacts")
    text = models.ForeignKey(CompactText, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    read_aloud = models.BooleanField(default=False)
    witnessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    witnessed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buddy", "text"], name="compact_signed_once")]
