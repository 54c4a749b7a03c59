"""What a person needs, by category and by who said so; said is kept apart from confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.referral import Referral
from schemes.models import Person


@tracked()
class Need(PrisonOwned):
    """One category from one source. The same need from two sources is two rows: each says what was known from whom."""

    class Source(models.TextChoices):
        SELF = "SELF", "The person"
        RECEPTION = "RECEPTION", "The person, at reception"
        PEER = "PEER", "Another prisoner"
        STAFF = "STAFF", "Prison staff"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        COUNCIL = "COUNCIL", "Council"
        FAMILY = "FAMILY", "Family or friends"
        PRISON = "PRISON", "Another prison"

    # Said by the person; everything else is reported by somebody.
    SELF_DECLARED = frozenset({Source.SELF, Source.RECEPTION})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=14, choices=Referral.NeedArea)
    source = models.CharField(max_length=10, choices=Source)
    referral = models.ForeignKey(Referral, null=True, on_delete=models.PROTECT, related_name="needs")
    words = models.CharField(max_length=300, blank=True)
    noted_on = models.DateField()
    noted_at = models.DateTimeField()
    # Empty where the person said so at a terminal; then the referral says which.
    noted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(noted_by__isnull=False) | Q(referral__isnull=False), name="need_noted_by_somebody"
            ),
            both_or_neither("confirmed_at", "confirmed_by", "need_confirmed_pair"),
            both_or_neither("confirmed_at", "confirmed_on", "need_confirmed_dated"),
            both_or_neither("ended_at", "ended_by", "need_ended_pair"),
            both_or_neither("ended_at", "ended_on", "need_ended_dated"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("noted_on")), name="need_ends_after_noted"
            ),
            models.UniqueConstraint(
                fields=["prison", "person", "category", "source"],
                condition=Q(ended_at__isnull=True),
                name="need_open_once",
            ),
        ]
