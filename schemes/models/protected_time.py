"""Hours that lead and supervisors have for the scheme: planned, and worked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.history import tracked


@tracked()
class ProtectedTime(PrisonOwned):
    """One person's week. `worked` is empty until it is known."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # A Monday.
    week = models.DateField()
    planned = models.DecimalField(max_digits=4, decimal_places=1)
    worked = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "user", "week"], name="protected_time_once_a_week"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="protected_time_from_monday"),
            models.CheckConstraint(condition=Q(planned__range=(0, 60)), name="protected_time_planned_range"),
            models.CheckConstraint(
                condition=Q(worked__isnull=True) | Q(worked__range=(0, 80)), name="protected_time_worked_range"
            ),
        ]
