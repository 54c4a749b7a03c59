"""Danger that somebody told at a terminal or wrote down: on every staff page until somebody says that they have it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.concern import Concern
from referrals.models.window import TerminalWindow


@tracked()
class DangerCall(PrisonOwned):
    """One danger, without the names of anybody in it: those stand in the concern, which few may read."""

    class Kind(models.TextChoices):
        FALL = "FALL", "A fall"
        SELF_HARM = "SELF_HARM", "Somebody may hurt themselves"

    class Told(models.TextChoices):
        """What the writer answered to "Have you told one?"; staff and partners are not asked."""

        YES = "YES", "An officer was told"
        NOT_YET = "NOT_YET", "No officer had been told"
        STAFF = "STAFF", "Told by staff or a partner"

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    told = models.CharField(max_length=7, choices=Told)
    # The terminal's name, or the wing's: where to go.
    place = models.CharField(max_length=120, blank=True)
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("acknowledged_at", "acknowledged_by", "danger_call_acknowledged_pair"),
            models.CheckConstraint(
                condition=Q(told="STAFF", window__isnull=True) | (~Q(told="STAFF") & Q(window__isnull=False)),
                name="danger_call_from_somewhere",
            ),
        ]
        indexes = [
            # Asked for by every staff page.
            models.Index(
                fields=["prison", "said_at"], condition=Q(acknowledged_at__isnull=True), name="danger_call_open"
            ),
            models.Index(fields=["prison", "-said_at"], name="danger_call_newest"),
        ]
