"""A buddy: a person's application to and appointment in one scheme."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, PERSON, Access
from buddyscheme.scope.history import tracked
from schemes.models.person import Person
from schemes.models.scheme import Scheme


@tracked()
class Buddy(PrisonOwned):
    """From application to leaving. Status changes only through `schemes.actions.buddies`."""

    class Status(models.TextChoices):
        APPLIED = "APPLIED", "Applied"
        CHECKS = "CHECKS", "Being checked"
        INTERVIEW = "INTERVIEW", "Interview"
        OFFERED = "OFFERED", "Offered the role"
        IN_TRAINING = "IN_TRAINING", "In training"
        ACTIVE = "ACTIVE", "Active"
        SUSPENDED = "SUSPENDED", "Suspended"
        DECLINED = "DECLINED", "Declined"
        WITHDRAWN = "WITHDRAWN", "Withdrew"
        REMOVED = "REMOVED", "Removed"
        LEFT = "LEFT", "Left"

    class Source(models.TextChoices):
        APPLICATION = "APPLICATION", "Applied"
        TAKE_OVER = "TAKE_OVER", "Taken over"

    # An application or appointment that has not ended.
    OPEN: ClassVar[tuple[str, ...]] = (
        "APPLIED",
        "CHECKS",
        "INTERVIEW",
        "OFFERED",
        "IN_TRAINING",
        "ACTIVE",
        "SUSPENDED",
    )

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status)
    source = models.CharField(max_length=12, choices=Source)
    applied_on = models.DateField()
    statement = models.TextField(blank=True)
    needed_help_to_apply = models.BooleanField(default=False)
    adjustments = models.TextField(blank=True)
    capacity = models.PositiveSmallIntegerField(default=4)
    weekly_minutes = models.PositiveSmallIntegerField(default=1200)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    # What is known of a time before this system: for a take-over.
    in_role_since = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    # At a terminal: one's own, and only while it is active.
    access = Access(
        terminal=("id", "prison_id", "person_id", "status"),
        terminal_rows=f"person_id = {PERSON} AND status = 'ACTIVE'",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["prison", "person"],
                condition=~Q(status__in=["DECLINED", "WITHDRAWN", "REMOVED", "LEFT"]),
                name="buddy_one_open_application",
            ),
            models.UniqueConstraint(fields=["prison", "reference"], name="buddy_reference_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="buddy_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["ACTIVE", "SUSPENDED"]) | Q(started_on__isnull=False),
                name="buddy_active_started",
            ),
        ]
        indexes = [models.Index(fields=["prison", "status"], name="buddy_by_status")]


class BuddyStep(PrisonOwned):
    """One hop of a buddy's status: who, when, why."""

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="steps")
    old_status = models.CharField(max_length=12, blank=True)
    new_status = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    access = Access(web=ADD)
    append_only = True
