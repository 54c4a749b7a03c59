"""Taking over a buddy who already does the job."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.history import tracked
from schemes.models.buddy import Buddy
from schemes.models.take_over_batch import TakeOverBatch


@tracked()
class TakeOver(PrisonOwned):
    """Compact and modules may be made good by a date, approved by the governor's delegate and not by who asks.

    Clearance and keep-apart are never waived: there is no field for them.
    """

    class Decision(models.TextChoices):
        WAITING = "WAITING", "Waiting for approval"
        APPROVED = "APPROVED", "Approved"
        REFUSED = "REFUSED", "Refused"

    buddy = models.OneToOneField(Buddy, on_delete=models.PROTECT, related_name="take_over")
    # Asked for together with others.
    batch = models.ForeignKey(TakeOverBatch, null=True, on_delete=models.PROTECT, related_name="take_overs")
    good_by = models.DateField()
    lacks_compact = models.BooleanField()
    lacks_modules = models.BooleanField()
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="WAITING")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="WAITING")),
                name="take_over_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="take_over_second_person"
            ),
        ]
