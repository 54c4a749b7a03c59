"""What a person needs around them: equipment with the dates of its checks, and how they leave in an emergency."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan


@tracked()
class Equipment(PrisonOwned):
    """One thing that helps the person. Its kinds are data: `referrals/data/equipment.csv`."""

    class Owner(models.TextChoices):
        PERSON = "PERSON", "The person"
        PRISON = "PRISON", "The prison"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        COUNCIL = "COUNCIL", "The council"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="equipment")
    kind = models.CharField(max_length=20)
    # What it is, where the list has no name for it.
    what = models.CharField(max_length=80, blank=True)
    owner = models.CharField(max_length=10, choices=Owner)
    checked_on = models.DateField(null=True)
    next_check_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("removed_at", "removed_by", "equipment_removed_pair"),
            models.CheckConstraint(
                condition=Q(checked_on__isnull=True)
                | Q(next_check_on__isnull=True)
                | Q(next_check_on__gt=F("checked_on")),
                name="equipment_checked_before_next",
            ),
        ]
        indexes = [models.Index(fields=["plan"], name="equipment_by_plan")]


@tracked()
class EvacuationPlan(PrisonOwned):
    """How a person leaves in an emergency. A new answer takes the place of the old one, which is kept."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="evacuations")
    needs_help = models.BooleanField()
    # Empty until somebody has written them down: the answer alone marks the unlock list.
    how = models.TextField(blank=True)
    staff = models.PositiveSmallIntegerField(null=True)
    waits_at = models.CharField(max_length=100, blank=True)
    equipment = models.CharField(max_length=200, blank=True)
    review_on = models.DateField(null=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(replaced_at__isnull=True), name="evacuation_plan_one_now"
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True, review_on__isnull=True)
                | (Q(needs_help=True, staff__gte=1, review_on__isnull=False) & ~Q(how="") & ~Q(waits_at="")),
                name="evacuation_plan_is_whole",
            ),
        ]

    @property
    def is_written(self) -> bool:
        """Whether it says how, and with how many staff."""
        return self.staff is not None
