"""What was put to the council or to healthcare, and what they answered."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.referral import Referral
from schemes.models import Person


@tracked()
class AssessmentRequest(PrisonOwned):
    """One request with its dates: asked, acknowledged, visited, decided."""

    class Body(models.TextChoices):
        COUNCIL = "COUNCIL", "Council"
        HEALTHCARE = "HEALTHCARE", "Healthcare"

    class Decision(models.TextChoices):
        ELIGIBLE = "ELIGIBLE", "Eligible"
        NOT_ELIGIBLE = "NOT_ELIGIBLE", "Not eligible"
        WILL_HELP = "WILL_HELP", "Will help"
        NO_ACTION = "NO_ACTION", "No action needed"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="assessments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    body = models.CharField(max_length=10, choices=Body)
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    acknowledged_on = models.DateField(null=True)
    visited_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            both_or_neither("answered_at", "answered_by", "assessment_answered_pair"),
            models.UniqueConstraint(fields=["referral", "body"], name="assessment_asked_once"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, decision="") | (Q(decided_on__isnull=False) & ~Q(decision="")),
                name="assessment_decision_dated",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("asked_on")), name="assessment_decided_after"
            ),
        ]
