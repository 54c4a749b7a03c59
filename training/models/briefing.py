"""Telling the staff of a wing about the scheme."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.access import ADD, Access


class StaffBriefing(PrisonOwned):
    """One briefing on one wing. `briefed` counts everybody of the wing's staff who has been briefed this quarter."""

    wing = models.ForeignKey(Wing, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    # A name or a post: whoever briefs need not have an account.
    led_by = models.CharField(max_length=120)
    staff = models.PositiveSmallIntegerField()
    briefed = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(staff__range=(1, 300)), name="briefing_has_staff"),
            models.CheckConstraint(condition=Q(briefed__gte=1, briefed__lte=F("staff")), name="briefing_within_staff"),
            models.UniqueConstraint(fields=["wing", "held_on"], name="briefing_once_a_day"),
        ]
