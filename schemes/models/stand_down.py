"""Standing down: a suspension, a removal or leaving, with what the person was told and how they may appeal."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from schemes.models.buddy import Buddy


@tracked()
class StandDown(PrisonOwned):
    """One decision that takes a buddy out of the role, for now or for good. `paid` is for the pay of a suspension."""

    class Kind(models.TextChoices):
        SUSPENDED = "SUSPENDED", "Suspended"
        REMOVED = "REMOVED", "Removed"
        LEFT = "LEFT", "Left"

    class Category(models.TextChoices):
        """Why the prison removes somebody."""

        SAFEGUARDING = "SAFEGUARDING", "Safeguarding"
        SECURITY = "SECURITY", "Security"
        CONDUCT = "CONDUCT", "Conduct"
        PERFORMANCE = "PERFORMANCE", "Performance"
        OTHER = "OTHER", "Other"

    class Appeal(models.TextChoices):
        NONE = "", "No appeal"
        WAITING = "WAITING", "Appeal to be decided"
        STANDS = "STANDS", "The decision stands"
        CHANGED = "CHANGED", "The decision was wrong"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="stand_downs")
    kind = models.CharField(max_length=9, choices=Kind)
    category = models.CharField(max_length=12, choices=Category, blank=True)
    reason = models.CharField(max_length=300)
    evidence = models.TextField(blank=True)
    paid = models.BooleanField(null=True)
    told_how = models.CharField(max_length=200, blank=True)
    appeal_route = models.CharField(max_length=200, blank=True)
    review_on = models.DateField(null=True)
    starts_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # Of a suspension: the day on which it ended, by coming back, being removed or leaving.
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    appeal = models.CharField(max_length=8, choices=Appeal, default=Appeal.NONE, blank=True)
    appealed_on = models.DateField(null=True)
    appeal_words = models.TextField(blank=True)
    appeal_recorded_at = models.DateTimeField(null=True)
    appeal_recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    appeal_answer = models.CharField(max_length=300, blank=True)
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buddy"], condition=Q(kind="SUSPENDED", ended_at__isnull=True), name="stand_down_one_running"
            ),
            models.CheckConstraint(
                condition=~Q(kind="SUSPENDED") | Q(paid__isnull=False, review_on__isnull=False),
                name="stand_down_suspension_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="REMOVED") & ~Q(category="") | ~Q(kind="REMOVED") & Q(category=""),
                name="stand_down_removal_has_category",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True) | Q(review_on__gt=F("starts_on")), name="stand_down_review_after"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="stand_down_ends_after"
            ),
            both_or_neither("ended_at", "ended_by", "stand_down_ended_pair"),
            both_or_neither("ended_on", "ended_at", "stand_down_ended_dated"),
            both_or_neither("appeal_recorded_at", "appeal_recorded_by", "stand_down_appeal_pair"),
            both_or_neither("appeal_decided_at", "appeal_decided_by", "stand_down_appeal_decided_pair"),
            models.CheckConstraint(
                condition=Q(appeal="", appeal_recorded_at__isnull=True, appeal_decided_at__isnull=True)
                | Q(appeal="WAITING", appeal_recorded_at__isnull=False, appeal_decided_at__isnull=True)
                | Q(
                    appeal__in=["STANDS", "CHANGED"],
                    appeal_recorded_at__isnull=False,
                    appeal_decided_at__isnull=False,
                ),
                name="stand_down_appeal_fits",
            ),
            models.CheckConstraint(
                condition=Q(appeal_decided_by__isnull=True) | ~Q(appeal_decided_by=F("decided_by")),
                name="stand_down_appeal_second_person",
            ),
        ]
        indexes = [models.Index(fields=["prison", "kind", "review_on"], name="stand_down_by_review")]
