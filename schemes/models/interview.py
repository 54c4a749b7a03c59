"""The interview of an applicant."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from schemes.models.buddy import Buddy


class Interview(PrisonOwned):
    """One interview with its agreed result."""

    class Result(models.TextChoices):
        SUITABLE = "SUITABLE", "Suitable"
        NOT_SUITABLE = "NOT_SUITABLE", "Not suitable"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="interviews")
    held_on = models.DateField()
    panel = models.CharField(max_length=200)
    result = models.CharField(max_length=12, choices=Result)
    notes = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
