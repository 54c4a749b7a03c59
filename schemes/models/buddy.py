"""A buddy: a person's application to and appointment in one scheme."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, PERSON, Access
from buddyscheme.scope.history import tracked
from schemes.models.person import Person
from schemes.models.post import Post
from schemes.models.scheme import WITHIN_CAPS, Scheme


@tracked()
class Buddy(PrisonOwned):
    """From application to leaving. Status changes only through `schemes.actions.buddies`."""

    class Status(models.TextChoices):
        APPLIED = "APPLIED", "Applied"
        CHECKS = "CHECKS", "Being checked"
        INTERVIEW = "INTERVIEW", "Interview"
        APPROVED = "APPROVED", "Approved, waiting for a place"
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

    class Channel(models.TextChoices):
        """Who typed the application in."""

        STAFF = "STAFF", "Entered by staff"
        TERMINAL = "TERMINAL", "Applied through the terminal"

    class Why(models.TextChoices):
        """Reasons to choose from at the terminal, where nobody has to write."""

        HELP = "HELP", "Wants to help other people"
        LEARN = "LEARN", "Wants to learn caring work"
        TIME = "TIME", "Wants to use the time well"
        HELPED = "HELPED", "Has looked after somebody before"

    class Easier(models.TextChoices):
        """What would make interview and training easier, to choose from at the terminal."""

        LARGE_PRINT = "LARGE_PRINT", "Large print"
        READ_ALOUD = "READ_ALOUD", "Things read aloud"
        MORE_TIME = "MORE_TIME", "More time"
        WELSH = "WELSH", "Welsh"
        OTHER_LANGUAGE = "OTHER_LANGUAGE", "Another language"
        SEATED = "SEATED", "Sitting down, or no stairs"

    # An application or appointment that has not ended.
    OPEN: ClassVar[tuple[str, ...]] = (
        "APPLIED",
        "CHECKS",
        "INTERVIEW",
        "APPROVED",
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
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.STAFF, db_default="STAFF")
    # The post that the application answers, and later the one that the buddy fills.
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    applied_on = models.DateField()
    statement = models.TextField(blank=True)
    needed_help_to_apply = models.BooleanField(default=False)
    adjustments = models.TextField(blank=True)
    why = ArrayField(models.CharField(max_length=8, choices=Why), default=list, db_default=[])
    easier = ArrayField(models.CharField(max_length=16, choices=Easier), default=list, db_default=[])
    capacity = models.PositiveSmallIntegerField(default=4)
    weekly_minutes = models.PositiveSmallIntegerField(default=1200)
    days_in_row = models.PositiveSmallIntegerField(default=6, db_default=6)
    # The weekday (0 is Monday) on which somebody else comes, or nobody.
    rest_day = models.PositiveSmallIntegerField(default=6, db_default=6)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    # What is known of a time before this system: for a take-over.
    in_role_since = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    # At a terminal: one's own.
    access = Access(
        terminal=(
            "id",
            "token",
            "prison_id",
            "person_id",
            "status",
            "source",
            "applied_on",
            "post_id",
            "started_on",
            "ended_on",
            "scheme_id",
        ),
        terminal_rows=f"person_id = {PERSON}",
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
            # An application says why, in words or by what was chosen.
            models.CheckConstraint(condition=~Q(channel="TERMINAL") | ~Q(why=[]), name="buddy_terminal_says_why"),
            models.CheckConstraint(condition=WITHIN_CAPS, name="buddy_caps"),
            models.CheckConstraint(condition=Q(rest_day__lte=6), name="buddy_rest_day"),
        ]
        indexes = [models.Index(fields=["prison", "status"], name="buddy_by_status")]


class BuddyStep(PrisonOwned):
    """One hop of a buddy's status: who, when, why."""

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="steps")
    old_status = models.CharField(max_length=12, blank=True)
    new_status = models.CharField(max_length=12)
    at = models.DateTimeField()
    # One of the two: a member of staff, or the person at a terminal.
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, by_person__isnull=True) | Q(by__isnull=True, by_person__isnull=False),
                name="buddy_step_by_somebody",
            ),
        ]

    @staticmethod
    def taken_by(actor: Actor) -> dict[str, Any]:
        """Who took a step, as the columns that say so."""
        return {"by_person_id": actor.id} if actor.kind == "person" else {"by": actor.user}
