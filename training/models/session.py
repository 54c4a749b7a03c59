"""Planned classes: day, place, who is booked, who was there."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from buddyscheme.scope.history import tracked
from schemes.models import Buddy, Person
from training.models.module import Module


@tracked()
class ClassSession(PrisonOwned):
    """One class in one module. It is held once it has been marked."""

    class Status(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        HELD = "HELD", "Held"
        CANCELLED = "CANCELLED", "Cancelled"

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    starts_at = models.TimeField()
    place = models.CharField(max_length=80)
    places = models.PositiveSmallIntegerField()
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(null=True)
    marked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancel_reason = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__range=(1, 60)), name="class_places_range"),
            models.CheckConstraint(
                condition=Q(marked_at__isnull=True, marked_by__isnull=True)
                | Q(marked_at__isnull=False, marked_by__isnull=False),
                name="class_marked_pair",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="class_cancelled_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="PLANNED", marked_at__isnull=True, cancelled_at__isnull=True)
                | Q(status="HELD", marked_at__isnull=False, cancelled_at__isnull=True)
                | (Q(status="CANCELLED", marked_at__isnull=True, cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="class_status_dated",
            ),
        ]
        indexes = [models.Index(fields=["prison", "held_on"], name="class_by_day")]


class ClassPlace(PrisonOwned):
    """Somebody's place in a class, until it is given up."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="booked")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    freed_at = models.DateTimeField(null=True)
    freed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "buddy"], condition=Q(freed_at__isnull=True), name="class_place_once"
            ),
            models.CheckConstraint(
                condition=Q(freed_at__isnull=True, freed_by__isnull=True)
                | Q(freed_at__isnull=False, freed_by__isnull=False),
                name="class_place_freed_pair",
            ),
        ]


class Attendance(PrisonOwned):
    """Whether somebody was there. The newest counts; none is ever changed."""

    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    there = models.BooleanField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["session", "buddy", "-id"], name="attendance_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
