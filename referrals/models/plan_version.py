"""A plan as it stood after each change, and what each review said."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from referrals.models.plan import Plan
from referrals.models.referral import Referral


class PlanVersion(PrisonOwned):
    """One version, in the words that stood on the page. `body` holds lists of [key, words] by part of the plan."""

    class Why(models.TextChoices):
        ACTIVE = "ACTIVE", "Made active"
        CHANGED = "CHANGED", "Changed"
        REVIEWED = "REVIEWED", "Reviewed"
        FULL = "FULL", "Made the full plan"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    why = models.CharField(max_length=8, choices=Why)
    body = models.JSONField()
    at = models.DateTimeField()
    # Nobody of staff where the person stopped help at the terminal.
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]


class PlanReview(PrisonOwned):
    """The plan was looked at again with the person."""

    class Right(models.TextChoices):
        RIGHT = "RIGHT", "Yes, leave it as it is"
        CHANGE = "CHANGE", "No, the tasks or times must change"
        END = "END", "No, the help is no longer needed"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    right = models.CharField(max_length=6, choices=Right)
    # Whether another prisoner helps as well: for the register of informal help. Never evidence for discipline.
    other_help = models.CharField(max_length=8, choices=Referral.OtherHelp)
    next_on = models.DateField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_review_by_plan")]
