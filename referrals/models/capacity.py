"""Decisions in the best interests of somebody who cannot decide for themselves: Mental Capacity Act 2005."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan


@tracked()
class CapacityRecord(PrisonOwned):
    """One assessment and the decision that rests on it. A review is a new record; the one before ends with it.

    Nothing of it is consent. While it stands, help stands on it; an objection of the person ends it.
    """

    class Cannot(models.TextChoices):
        """Section 3 of the Act: what the person cannot do, also with help."""

        UNDERSTAND = "UNDERSTAND", "Understand what the decision is about"
        RETAIN = "RETAIN", "Keep it in mind long enough to decide"
        WEIGH = "WEIGH", "Weigh one thing against another"
        COMMUNICATE = "COMMUNICATE", "Say or show what they have decided"

    class Advocate(models.TextChoices):
        NAMED = "NAMED", "An advocate takes part"
        ASKED = "ASKED", "An advocate was asked for"
        NOT_NEEDED = "NOT_NEEDED", "No advocate is needed"

    class End(models.TextChoices):
        REGAINED = "REGAINED", "The person can decide again"
        OBJECTED = "OBJECTED", "The person objected"
        REPLACED = "REPLACED", "Reviewed"

    # After these the person is asked: what they said before counts no more.
    ASKED_ANEW = (End.REGAINED, End.OBJECTED)

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="capacity_records")
    decision = models.CharField(max_length=200)
    assessed_by_name = models.CharField(max_length=80)
    assessed_by_role = models.CharField(max_length=80)
    assessed_on = models.DateField()
    cannot = ArrayField(models.CharField(max_length=11, choices=Cannot))
    best_interests = models.CharField(max_length=1000)
    # Whether sharing the plan with the council and healthcare is part of the decision.
    share = models.BooleanField()
    consulted = ArrayField(models.CharField(max_length=120))
    advocate = models.CharField(max_length=10, choices=Advocate)
    advocate_words = models.CharField(max_length=200, blank=True)
    # The person showed that they do not want it. Recorded, and it stops the step.
    objects_to_it = models.BooleanField()
    review_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(max_length=8, choices=End, blank=True)

    class Meta:
        constraints = [
            both_or_neither("ended_at", "ended_by", "capacity_ended_pair"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="capacity_end_says_why",
            ),
            models.UniqueConstraint(fields=["plan"], condition=Q(ended_at__isnull=True), name="capacity_one_stands"),
            models.CheckConstraint(condition=Q(cannot__len__gte=1), name="capacity_says_what_cannot"),
            models.CheckConstraint(condition=Q(review_on__gt=F("assessed_on")), name="capacity_review_after"),
            models.CheckConstraint(
                condition=Q(objects_to_it=False) | Q(ended_at__isnull=False), name="capacity_objection_stops"
            ),
        ]
