"""A fall with its five times, and who helped, without blame."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.history import tracked
from referrals.models.concern import Concern
from schemes.models import Person


@tracked()
class Fall(PrisonOwned):
    """One fall. `limit_minutes` and `who_comes` are the scheme's own answer as it stood at the hour of the fall."""

    class HelpedUp(models.TextChoices):
        STAFF = "STAFF", "Staff"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        SELF = "SELF", "They got up by themselves"
        PRISONER = "PRISONER", "A buddy or another prisoner"
        NOT_KNOWN = "NOT_KNOWN", "Not known yet"

    class Injury(models.TextChoices):
        NONE = "NONE", "Not hurt"
        MINOR = "MINOR", "Hurt a little"
        SERIOUS = "SERIOUS", "Badly hurt"
        NOT_KNOWN = "NOT_KNOWN", "Not known yet"

    class Place(models.TextChoices):
        CELL = "CELL", "In the cell"
        LANDING = "LANDING", "On the landing or the stairs"
        SHOWER = "SHOWER", "In the shower or bathroom"
        ELSEWHERE = "ELSEWHERE", "Somewhere else"

    class FoundBy(models.TextChoices):
        BUDDY = "BUDDY", "A buddy"
        PRISONER = "PRISONER", "Another prisoner"
        STAFF = "STAFF", "Staff"
        ALONE = "ALONE", "Nobody: they called for help"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    found_at = models.DateTimeField()
    alarm_at = models.DateTimeField()
    staff_at = models.DateTimeField(null=True)
    healthcare_at = models.DateTimeField(null=True)
    # Healthcare was not called, so its time is not missing.
    no_healthcare = models.BooleanField(default=False)
    up_at = models.DateTimeField(null=True)
    injury = models.CharField(max_length=10, choices=Injury)
    helped_up = models.CharField(max_length=10, choices=HelpedUp)
    found_by = models.CharField(max_length=10, choices=FoundBy, blank=True)
    place = models.CharField(max_length=10, choices=Place, blank=True)
    equipment = models.CharField(max_length=200, blank=True)
    by_night = models.BooleanField()
    who_comes = models.CharField(max_length=120, blank=True)
    limit_minutes = models.PositiveSmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="fall_reference_once"),
            models.CheckConstraint(condition=Q(alarm_at__gte=F("found_at")), name="fall_alarm_after"),
            models.CheckConstraint(
                condition=Q(staff_at__isnull=True) | Q(staff_at__gte=F("found_at")), name="fall_staff_after"
            ),
            models.CheckConstraint(
                condition=Q(healthcare_at__isnull=True) | Q(healthcare_at__gte=F("found_at"), no_healthcare=False),
                name="fall_healthcare_after",
            ),
            models.CheckConstraint(condition=Q(up_at__isnull=True) | Q(up_at__gte=F("found_at")), name="fall_up_after"),
        ]
        indexes = [models.Index(fields=["prison", "found_at"], name="fall_by_day")]
