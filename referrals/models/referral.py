"""A referral: somebody may need help."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from schemes.models import Person


@tracked()
class Referral(PrisonOwned):
    """One referral of one person, from being made to being screened."""

    class Source(models.TextChoices):
        SELF = "SELF", "The person"
        PEER = "PEER", "Another prisoner"
        STAFF = "STAFF", "Prison staff"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        COUNCIL = "COUNCIL", "Council"
        FAMILY = "FAMILY", "Family or friends"
        # By a care record that came along; nobody selects it.
        PRISON = "PRISON", "Another prison"

    class Urgency(models.TextChoices):
        URGENT = "URGENT", "Today"
        SOON = "SOON", "This week"
        ROUTINE = "ROUTINE", "Can wait longer"

    class OtherHelp(models.TextChoices):
        """Whether another prisoner already helps. Never evidence for discipline."""

        YES = "YES", "Yes"
        NO = "NO", "No"
        UNKNOWN = "UNKNOWN", "Not known"

    class NeedArea(models.TextChoices):
        MOBILITY = "MOBILITY", "Getting about"
        CELL = "CELL", "Keeping the cell clean"
        MEALS = "MEALS", "Meals and water"
        COMMUNICATION = "COMMUNICATION", "Reading, writing or being understood"
        COMPANY = "COMPANY", "Company, or joining in"
        MEMORY = "MEMORY", "Memory"
        PERSONAL = "PERSONAL", "Washing, dressing, toilet or other personal care"
        GENERAL = "GENERAL", "Something else"

    class Status(models.TextChoices):
        RECEIVED = "RECEIVED", "Waiting to be screened"
        PROGRESSED = "PROGRESSED", "Progressed"
        NOT_PROGRESSED = "NOT_PROGRESSED", "Not progressed"

    class Outcome(models.TextChoices):
        BUDDY = "BUDDY", "Buddy support"
        COUNCIL = "COUNCIL", "Council assessment"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        BUDDY_AND_COUNCIL = "BUDDY_AND_COUNCIL", "Buddy support and council assessment"
        BUDDY_AND_HEALTHCARE = "BUDDY_AND_HEALTHCARE", "Buddy support and healthcare"
        NONE = "NONE", "Not progressed"
        # Nobody decided: the person left before it was screened.
        LEFT = "LEFT", "Left before screening"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    source = models.CharField(max_length=10, choices=Source)
    urgency = models.CharField(max_length=8, choices=Urgency)
    need_areas = ArrayField(models.CharField(max_length=14, choices=NeedArea))
    reason = models.TextField()
    other_help = models.CharField(max_length=8, choices=OtherHelp)
    status = models.CharField(max_length=14, choices=Status, default=Status.RECEIVED)
    referred_at = models.DateTimeField()
    referred_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=22, choices=Outcome, blank=True)
    outcome_reason = models.TextField(blank=True)
    screened_at = models.DateTimeField(null=True)
    screened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="referral_reference_once"),
            both_or_neither("screened_at", "screened_by", "referral_screened_pair"),
            models.CheckConstraint(
                condition=Q(status="RECEIVED", screened_at__isnull=True, outcome="")
                | (~Q(status="RECEIVED") & Q(screened_at__isnull=False) & ~Q(outcome="")),
                name="referral_screened_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status="NOT_PROGRESSED") | (Q(outcome__in=["NONE", "LEFT"]) & ~Q(outcome_reason="")),
                name="referral_refusal_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["prison", "status", "referred_at"], name="referral_by_status"),
            models.Index(fields=["person"], name="referral_by_person"),
        ]
