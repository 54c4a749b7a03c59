"""When people are unlocked, and when they were not."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.access import ALL, Access
from buddyscheme.scope.history import tracked


class Session(models.TextChoices):
    """Parts of a prison's day."""

    MORNING = "AM", "Morning"
    AFTERNOON = "PM", "Afternoon"
    EVENING = "EV", "Evening"


@tracked()
class RegimeTime(PrisonOwned):
    """Unlock and lock-up of one session on one weekday (0 is Monday)."""

    weekday = models.PositiveSmallIntegerField()
    session = models.CharField(max_length=2, choices=Session)
    unlock_at = models.TimeField()
    lock_at = models.TimeField()

    # A session that the regime no longer has is taken out; who did it, and the times before, stand in the audit.
    access = Access(web=ALL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "weekday", "session"], name="regime_session_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="regime_weekday"),
            models.CheckConstraint(condition=Q(lock_at__gt=F("unlock_at")), name="regime_locks_after_unlock"),
        ]


class LockDown(PrisonOwned):
    """A day or a session on which people were not unlocked, on one wing or everywhere."""

    day = models.DateField()
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=2, choices=Session, blank=True)
    reason = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "day", "wing", "session"], nulls_distinct=False, name="lock_down_once"
            ),
        ]
