"""What the lead decides about a running match whose buddy lacks a module or the compact."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from referrals.models.match import Match


class LapseDecision(PrisonOwned):
    """One decision. The newest of a match counts, for what was lacking then and until its day; then it is asked again.

    Nothing here ends help: keeping, looking for somebody else and handing tasks to staff are the lead's to choose.
    """

    class Choice(models.TextChoices):
        KEEP = "KEEP", "Keep the buddy for now"
        REPLACE = "REPLACE", "Look for another buddy"
        STAFF = "STAFF", "Staff take over the tasks"

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=Choice)
    # Codes of modules, and COMPACT.
    lacks = ArrayField(models.CharField(max_length=20))
    until = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(choice="STAFF", until__isnull=True)
                | (~Q(choice="STAFF") & Q(until__isnull=False, until__gte=F("decided_on"))),
                name="lapse_decision_until",
            ),
            models.CheckConstraint(condition=Q(lacks__len__gte=1), name="lapse_decision_lacks"),
        ]
        indexes = [models.Index(fields=["match", "-decided_at"], name="lapse_decision_newest")]
