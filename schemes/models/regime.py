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


# Time of unlock and of lock-up on a bank holiday with times of its own, by session.
HOLIDAY_TIMES = {session: (f"{session.lower()}_unlock", f"{session.lower()}_lock") for session in Session.values}


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


@tracked()
class HolidayRegime(PrisonOwned):
    """When people are unlocked on a bank holiday: as on one weekday (0 is Monday), or at times of its own.

    A prison without a row has the Sunday's times. With `like_weekday` empty the six times count, in pairs.
    """

    like_weekday = models.PositiveSmallIntegerField(null=True)
    am_unlock = models.TimeField(null=True)
    am_lock = models.TimeField(null=True)
    pm_unlock = models.TimeField(null=True)
    pm_lock = models.TimeField(null=True)
    ev_unlock = models.TimeField(null=True)
    ev_lock = models.TimeField(null=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison"], name="holiday_regime_once"),
            models.CheckConstraint(
                condition=Q(like_weekday__isnull=True) | Q(like_weekday__lte=6), name="holiday_regime_weekday"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{unlock}__isnull": True, f"{lock}__isnull": True})
                    | Q(
                        **{
                            "like_weekday__isnull": True,
                            f"{unlock}__isnull": False,
                            f"{lock}__isnull": False,
                            f"{lock}__gt": F(unlock),
                        }
                    ),
                    name=f"holiday_regime_{session.lower()}",
                )
                for session, (unlock, lock) in HOLIDAY_TIMES.items()
            ),
        ]


class LockDown(PrisonOwned):
    """A day or a session on which people were not unlocked, on one wing or everywhere: a session that is cancelled.

    `cause` is what the people are told at the terminal; `reason` is for staff.
    """

    class Cause(models.TextChoices):
        STAFF_SHORTAGE = "STAFF_SHORTAGE", "Staff shortage"
        STAFF_TRAINING = "STAFF_TRAINING", "Staff training"
        SEARCH = "SEARCH", "A search"
        INCIDENT = "INCIDENT", "An incident"
        HEALTH = "HEALTH", "Illness on the wing"
        REPAIRS = "REPAIRS", "Repairs"
        OTHER = "OTHER", "Another reason"

    day = models.DateField()
    wing = models.ForeignKey(Wing, null=True, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=2, choices=Session, blank=True)
    cause = models.CharField(max_length=14, choices=Cause, default=Cause.OTHER, db_default=Cause.OTHER)
    reason = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "day", "wing", "session"], nulls_distinct=False, name="lock_down_once"
            ),
        ]
