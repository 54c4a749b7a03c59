"""Help that one prisoner gives another already, without a plan. Never evidence for discipline."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.concern import Concern
from referrals.models.referral import Referral
from schemes.models import Buddy, Person


@tracked()
class InformalHelp(PrisonOwned):
    """One entry of the register: who is helped, by whom if that is known, with what, and what became of it."""

    class HowKnown(models.TextChoices):
        REFERRAL = "REFERRAL", "Asked with a referral"
        RECEPTION = "RECEPTION", "Said at reception"
        REVIEW = "REVIEW", "Said at a review"
        SEEN = "SEEN", "Staff saw it"

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        REFERRED = "REFERRED", "Turned into a referral"
        APPLIED = "APPLIED", "Turned into an application"
        CONCERN = "CONCERN", "Turned into a concern"
        ENDED = "ENDED", "Ended"

    reference = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # Empty: not known.
    helper = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    # Empty: not known yet.
    kinds = ArrayField(models.CharField(max_length=14, choices=Referral.NeedArea), default=list)
    since_on = models.DateField(null=True)
    how_known = models.CharField(max_length=9, choices=HowKnown)
    # The referral with which it was said.
    said_in = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="informal_help")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    # What became of it.
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # When it stopped being open, whatever became of it.
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="informal_help_reference_once"),
            both_or_neither("looked_at", "looked_by", "informal_help_looked_pair"),
            both_or_neither("closed_at", "closed_by", "informal_help_closed_pair"),
            models.CheckConstraint(
                condition=Q(status="OPEN", closed_at__isnull=True) | (~Q(status="OPEN") & Q(closed_at__isnull=False)),
                name="informal_help_closed_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", end_reason="")
                | Q(status="REFERRED", end_reason="", referral__isnull=False)
                | Q(status="APPLIED", end_reason="", application__isnull=False)
                | Q(status="CONCERN", end_reason="", concern__isnull=False)
                | (Q(status="ENDED") & ~Q(end_reason="")),
                name="informal_help_status_has_record",
            ),
            models.CheckConstraint(
                condition=Q(helper__isnull=True) | ~Q(helper=models.F("person")), name="informal_help_of_another"
            ),
        ]
        indexes = [models.Index(fields=["prison", "status", "noted_at"], name="informal_help_by_status")]
