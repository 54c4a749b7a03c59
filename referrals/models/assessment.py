"""What was put to the council or to healthcare, and what they answered."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, Access
from buddyscheme.scope.history import tracked
from referrals.models.referral import Referral
from schemes.models import Person


@tracked()
class AssessmentRequest(PrisonOwned):
    """One request with its dates: asked, acknowledged, visited, decided, and the council's plan received.

    It is closed when the person leaves before it came to its end; a closed one is not a decided one.
    """

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
    plan_received_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    close_reason = models.CharField(max_length=100, blank=True, db_default="")
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
            models.CheckConstraint(
                condition=Q(plan_received_on__isnull=True)
                | Q(body="COUNCIL", decision="ELIGIBLE", plan_received_on__gte=F("decided_on")),
                name="assessment_plan_after_eligible",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, close_reason="")
                | (Q(closed_on__isnull=False, closed_on__gte=F("asked_on")) & ~Q(close_reason="")),
                name="assessment_closed_says_why",
            ),
        ]


class AssessmentChase(PrisonOwned):
    """One letter that asks after a request: which step it chases, and how many days had passed when it was printed."""

    class Step(models.TextChoices):
        ACKNOWLEDGE = "ACKNOWLEDGE", "Answer that it has come"
        VISIT = "VISIT", "See the person"
        DECIDE = "DECIDE", "Decide"
        PLAN = "PLAN", "Send the plan"

    assessment = models.ForeignKey(AssessmentRequest, on_delete=models.PROTECT, related_name="chases")
    step = models.CharField(max_length=11, choices=Step)
    waited = models.PositiveSmallIntegerField()
    printed_on = models.DateField()
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "printed_on"], name="assessment_chased_once_a_day"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
