"""The compact: what a buddy signs before starting, by version, in three formats."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, READ, Access
from schemes.models.buddy import Buddy


class CompactFormat(models.TextChoices):
    """In which words it is read and signed."""

    ENGLISH = "EN", "English"
    WELSH = "CY", "Welsh"
    EASY = "EASY", "Easy read"


class CompactText(models.Model):
    """One version of the national text. It is published once and then stays as people signed it.

    It may be signed from the day it is published. From the day after `sign_by` an older signature no longer holds;
    without that date, from the day the version is in force.
    """

    version = models.PositiveSmallIntegerField(primary_key=True)
    text = models.TextField()
    text_cy = models.TextField(blank=True)
    text_easy = models.TextField(blank=True, default="", db_default="")
    welsh_checked = models.BooleanField(default=False, db_default=False)
    in_force_from = models.DateField()
    sign_by = models.DateField(null=True)
    # Empty for the version that comes with the service.
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=ADD)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sign_by__isnull=True) | Q(sign_by__gte=F("in_force_from")), name="compact_time_to_sign"
            ),
            both_or_neither("published_at", "published_by", "compact_published_pair"),
        ]

    def words_in(self, format: str) -> str:
        """The text in one format; English where there is none in it."""
        return {CompactFormat.WELSH: self.text_cy, CompactFormat.EASY: self.text_easy}.get(
            CompactFormat(format)
        ) or self.text


class CompactSignature(PrisonOwned):
    """A compact read aloud and signed on paper, with the member of staff who saw it."""

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="compacts")
    text = models.ForeignKey(CompactText, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    format = models.CharField(
        max_length=4, choices=CompactFormat, default=CompactFormat.ENGLISH, db_default=CompactFormat.ENGLISH
    )
    read_aloud = models.BooleanField(default=False)
    witnessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    witnessed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buddy", "text"], name="compact_signed_once")]
