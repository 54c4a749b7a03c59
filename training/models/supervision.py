"""Supervision of buddies: one-to-ones and group meetings, held or missed, and what was agreed in them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, Access
from schemes.models import Buddy, Person


class Theme(models.TextChoices):
    """What was talked about, from a fixed list: nobody has to write what a recipient told."""

    TASKS = "TASKS", "The tasks and how they go"
    BOUNDARIES = "BOUNDARIES", "Boundaries, and being asked for more"
    RELATIONS = "RELATIONS", "Getting on with the people helped"
    STAFF = "STAFF", "Working with staff, and being unlocked on time"
    WORKLOAD = "WORKLOAD", "Workload and rest"
    TRAINING = "TRAINING", "Training and skills"
    SAFETY = "SAFETY", "Safety, pressure or debt"
    PAY = "PAY", "Pay and hours"
    LOSS = "LOSS", "A death, a fall or another shock"
    FUTURE = "FUTURE", "Plans, and leaving the role"


class GroupMeeting(PrisonOwned):
    """One meeting of several buddies, recorded once. Who came are rows of `Supervision`."""

    held_on = models.DateField()
    themes = ArrayField(models.CharField(max_length=12, choices=Theme))
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(themes=[]), name="group_meeting_has_themes")]


class Supervision(PrisonOwned):
    """One buddy's supervision that was held or missed. Never changed."""

    class Kind(models.TextChoices):
        ONE_TO_ONE = "ONE_TO_ONE", "One-to-one"
        GROUP = "GROUP", "Group meeting"

    class Outcome(models.TextChoices):
        HELD = "HELD", "Held"
        MISSED = "MISSED", "Missed"

    class Reason(models.TextChoices):
        """Why it was missed."""

        REGIME = "REGIME", "Lock-down, or too few staff to unlock"
        SUPERVISOR = "SUPERVISOR", "The supervisor was away"
        ELSEWHERE = "ELSEWHERE", "The buddy was at court, a visit or an appointment"
        UNWELL = "UNWELL", "The buddy was unwell"
        NO_ROOM = "NO_ROOM", "There was no private room"
        DECLINED = "DECLINED", "The buddy did not want to come"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    outcome = models.CharField(max_length=6, choices=Outcome)
    held_on = models.DateField()
    themes = ArrayField(models.CharField(max_length=12, choices=Theme), default=list)
    # Whether the buddy was asked how they are; of a one-to-one that was held.
    wellbeing_asked = models.BooleanField(null=True)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    meeting = models.ForeignKey(GroupMeeting, null=True, on_delete=models.PROTECT, related_name="people")
    recorded_at = models.DateTimeField()
    # Who held it, or was to hold it.
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # A buddy sees when their own was last held, and not what was said.
    access = Access(
        web=ADD,
        terminal=("id", "prison_id", "buddy_id", "kind", "outcome", "held_on"),
        terminal_rows="buddy_id IN (SELECT b.id FROM schemes_buddy b)",
    )
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buddy", "kind", "held_on"], name="supervision_once_a_day"),
            models.CheckConstraint(
                condition=Q(outcome="HELD", reason="") | (Q(outcome="MISSED") & ~Q(reason="")),
                name="supervision_missed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind="GROUP", outcome="HELD", meeting__isnull=False)
                | Q(kind="ONE_TO_ONE", meeting__isnull=True),
                name="supervision_group_has_meeting",
            ),
            models.CheckConstraint(
                condition=Q(kind="ONE_TO_ONE", outcome="HELD", wellbeing_asked__isnull=False)
                | (~Q(kind="ONE_TO_ONE", outcome="HELD") & Q(wellbeing_asked__isnull=True)),
                name="supervision_asks_wellbeing",
            ),
        ]
        indexes = [models.Index(fields=["buddy", "kind", "-held_on"], name="supervision_newest")]


class SupervisionAction(PrisonOwned):
    """Something agreed in a one-to-one. Open until a later one closes it; until then it is carried over."""

    supervision = models.ForeignKey(Supervision, on_delete=models.PROTECT, related_name="actions")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    due_on = models.DateField()
    closed_in = models.ForeignKey(Supervision, null=True, on_delete=models.PROTECT, related_name="closed")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("closed_at", "closed_by", "supervision_action_closed_pair"),
            models.CheckConstraint(
                condition=Q(closed_in__isnull=True) | Q(closed_at__isnull=False), name="supervision_action_closed_in"
            ),
            models.CheckConstraint(
                condition=Q(closed_in__isnull=True) | ~Q(closed_in=F("supervision")),
                name="supervision_action_closed_later",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="supervision_action_has_words"),
        ]
        indexes = [
            models.Index(
                fields=["buddy", "due_on"], name="supervision_action_open", condition=Q(closed_at__isnull=True)
            )
        ]
