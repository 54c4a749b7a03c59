"""A restricted task that a scheme may switch on for a time, with an approver, a reason and extra training."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from schemes.models import Scheme, TaskKind

LONGEST_DAYS = 366


@tracked()
class RestrictedTask(PrisonOwned):
    """One request and what became of it. While it runs and its review date has not passed, the task is on here.

    Whoever decides did not ask. It ends by itself at the review date unless a newer one was approved.
    """

    class Status(models.TextChoices):
        WAITING = "WAITING", "Waiting for approval"
        APPROVED = "APPROVED", "Approved"
        REFUSED = "REFUSED", "Refused"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"
        RENEWED = "RENEWED", "Renewed by a newer approval"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=300)
    # Codes of the modules that a buddy must hold for it here.
    modules = ArrayField(models.CharField(max_length=16))
    review_on = models.DateField()
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdraw_reason = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("decided_at", "decided_by", "restricted_decided_pair"),
            both_or_neither("withdrawn_at", "withdrawn_by", "restricted_withdrawn_pair"),
            models.CheckConstraint(
                condition=Q(status="WAITING", decided_at__isnull=True)
                | (~Q(status="WAITING") & Q(decided_at__isnull=False)),
                name="restricted_decided",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="restricted_second_person"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("asked_on"), review_on__lte=F("asked_on") + timedelta(days=LONGEST_DAYS)),
                name="restricted_review_in_time",
            ),
            models.CheckConstraint(condition=Q(modules__len__gte=1), name="restricted_names_training"),
            models.UniqueConstraint(
                fields=["prison", "task"], condition=Q(status="WAITING"), name="restricted_waiting_once"
            ),
            models.UniqueConstraint(
                fields=["prison", "task"], condition=Q(status="APPROVED"), name="restricted_approved_once"
            ),
        ]
