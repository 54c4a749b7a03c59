"""Where people are when they are not on the wing: absences, appointments and weekly work."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from schemes.models.alert import Source
from schemes.models.person import Person
from schemes.models.regime import Session

# Parts of the day in their order: the codes do not sort that way.
ORDER: dict[str, int] = {code: place for place, code in enumerate(Session.values)}
FIRST, LAST = Session.values[0], Session.values[-1]


@tracked()
class Absence(PrisonOwned):
    """Somebody is elsewhere from one session to another, both inside. An empty session means the whole day.

    Court, hospital and temporary release hold the support: the person is not in the prison. The other kinds are
    appointments inside it. Without `ends_on` the person is away until somebody records that they are back.
    """

    class Kind(models.TextChoices):
        COURT = "COURT", "Court"
        HOSPITAL = "HOSPITAL", "Hospital"
        ROTL = "ROTL", "Release on temporary licence"
        HEALTHCARE = "HEALTHCARE", "Healthcare appointment"
        VISIT = "VISIT", "Social visit"
        WORK = "WORK", "Work or education"
        OTHER = "OTHER", "Other"

    # Away from the prison: nobody visits them, and they visit nobody.
    HOLDS: ClassVar[tuple[str, ...]] = ("COURT", "HOSPITAL", "ROTL")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField()
    starts_session = models.CharField(max_length=2, choices=Session, blank=True)
    ends_on = models.DateField(null=True)
    ends_session = models.CharField(max_length=2, choices=Session, blank=True)
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    reference = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("changed_at", "changed_by", "absence_changed_pair"),
            both_or_neither("cancelled_at", "cancelled_by", "absence_cancelled_pair"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False) | Q(kind__in=["COURT", "HOSPITAL", "ROTL"], ends_session=""),
                name="absence_open_only_away",
            ),
        ]
        indexes = [
            models.Index(fields=["prison", "starts_on"], name="absence_by_day", condition=Q(cancelled_at__isnull=True)),
            models.Index(fields=["person"], name="absence_by_person"),
        ]

    @property
    def holds(self) -> bool:
        """Whether the person is away from the prison."""
        return self.kind in self.HOLDS

    def covers(self, day: date, session: str) -> bool:
        """Whether the person is elsewhere in that session."""
        if (day, ORDER[session]) < (self.starts_on, ORDER[self.starts_session or FIRST]):
            return False
        return self.ends_on is None or (day, ORDER[session]) <= (self.ends_on, ORDER[self.ends_session or LAST])


@tracked()
class WeeklyActivity(PrisonOwned):
    """Work or education of every week: these weekdays (0 is Monday), in one session."""

    class Kind(models.TextChoices):
        WORK = "WORK", "Work"
        EDUCATION = "EDUCATION", "Education"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    session = models.CharField(max_length=2, choices=Session)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    reference = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("ended_at", "ended_by", "weekly_activity_ended_pair"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="weekly_activity_ends_after"
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gt=0) & Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="weekly_activity_weekdays",
            ),
        ]
        indexes = [models.Index(fields=["person", "ended_at"], name="weekly_activity_by_person")]

    def covers(self, day: date, session: str) -> bool:
        """Whether the person is there in that session."""
        if self.session != session or day.weekday() not in self.weekdays or day < self.starts_on:
            return False
        return self.ends_on is None or day <= self.ends_on
