"""Clearance of a buddy by one department."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.history import tracked
from schemes.models.buddy import Buddy
from schemes.models.scheme import Department


@tracked()
class Clearance(PrisonOwned):
    """One department's answer about one buddy. A renewal is a new row; the newest signed one counts.

    The note is for the department that wrote it, nobody else.
    """

    class Decision(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        CLEARED = "CLEARED", "Cleared"
        REFUSED = "REFUSED", "Not cleared"

    class Source(models.TextChoices):
        ACCOUNT = "ACCOUNT", "Signed here"
        PAPER = "PAPER", "From a dated e-mail or paper"

    class Paper(models.TextChoices):
        EMAIL = "EMAIL", "E-mail"
        PAPER = "PAPER", "Paper"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="clearances")
    department = models.CharField(max_length=LONGEST_NAME, choices=Department)
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING)
    source = models.CharField(max_length=8, choices=Source, default=Source.ACCOUNT)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    # Of a decision that was entered from outside: what it was written on, and by whom. Its date is `decided_on`.
    paper_kind = models.CharField(max_length=8, choices=Paper, blank=True, default="", db_default="")
    paper_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, decision="WAITING")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(decision="WAITING")),
                name="clearance_signed_pair",
            ),
            models.CheckConstraint(
                condition=~Q(decision="CLEARED")
                | Q(decided_on__isnull=False, expires_on__isnull=False, expires_on__gt=F("decided_on")),
                name="clearance_has_dates",
            ),
            models.CheckConstraint(
                condition=~Q(source="PAPER") | (~Q(paper_kind="") & ~Q(paper_by="")),
                name="clearance_paper_says_what",
            ),
            models.UniqueConstraint(
                fields=["buddy", "department"], condition=Q(decision="WAITING"), name="clearance_waiting_once"
            ),
        ]
