"""The plan: own words first, agreement, tasks from the closed catalogue, consent in parts, review."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import PERSON, Access
from buddyscheme.scope.history import tracked
from referrals.models.referral import Referral
from referrals.models.window import TerminalWindow
from schemes.models import Buddy, Person, Session, TaskKind


class SafetyWord(models.TextChoices):
    """The only words about a person that a buddy may see."""

    CANNOT_STAND = "CANNOT_STAND", "Cannot stand without help"
    UNSTEADY = "UNSTEADY", "Unsteady on their feet"
    HARD_OF_HEARING = "HARD_OF_HEARING", "Hard of hearing"
    POOR_SIGHT = "POOR_SIGHT", "Cannot see well"
    NEEDS_TIME = "NEEDS_TIME", "Needs time to answer"
    WHEELCHAIR = "WHEELCHAIR", "Uses a wheelchair"


# Help from today runs for fourteen days at most, the first and the last one counted.
LONGEST_INTERIM = timedelta(days=13)


@tracked()
class Plan(PrisonOwned):
    """One person's plan at one prison. It starts with what the person said, asked in private."""

    class Status(models.TextChoices):
        WISHES = "WISHES", "Waiting to be written"
        DRAFT = "DRAFT", "Being written"
        ACTIVE = "ACTIVE", "Active"
        PAUSED = "PAUSED", "Paused"
        REFUSED = "REFUSED", "Refused by the person"
        ENDED = "ENDED", "Ended"

    class Answer(models.TextChoices):
        AGREES = "AGREES", "Agrees to help from a buddy"
        REFUSES = "REFUSES", "Does not want help from a buddy"
        CANNOT_DECIDE = "CANNOT", "Cannot decide this for themselves"

    LIVE: ClassVar[tuple[str, ...]] = ("WISHES", "DRAFT", "ACTIVE", "PAUSED")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="plans")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    status = models.CharField(max_length=8, choices=Status)
    own_words = models.TextField()
    answer = models.CharField(max_length=8, choices=Answer)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    safety_words = ArrayField(models.CharField(max_length=16, choices=SafetyWord), default=list, blank=True)
    staff_notes = models.TextField(blank=True)
    # Staff eyes only, with `staff_notes`; empty until somebody has answered.
    falls_risk = models.BooleanField(null=True)
    review_on = models.DateField(null=True)
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)
    # The buddy whom the person asked for by name: one reason among those that order the suggestions.
    asked_for = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    asked_for_at = models.DateTimeField(null=True)
    asked_for_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Help from today: its first and its last day, and who made it the full plan.
    interim_from = models.DateField(null=True)
    interim_until = models.DateField(null=True)
    made_full_at = models.DateTimeField(null=True)
    made_full_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # Of a plan a buddy sees the safety words, and only of those whose visits they make, while these stand; of their
    # own people see how it stands.
    access = Access(
        terminal=("id", "prison_id", "person_id", "status", "asked_at", "safety_words"),
        terminal_rows=(
            f"CASE WHEN person_id = {PERSON} THEN true ELSE id IN"
            " (SELECT v.plan_id FROM referrals_plannedvisit v WHERE v.cancelled_at IS NULL) END"
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="plan_reference_once"),
            models.UniqueConstraint(
                fields=["prison", "person"],
                condition=Q(status__in=["WISHES", "DRAFT", "ACTIVE", "PAUSED"]),
                name="plan_one_live",
            ),
            models.CheckConstraint(condition=~Q(own_words=""), name="plan_own_words"),
            models.CheckConstraint(
                condition=~Q(status="ACTIVE")
                | Q(answer__in=["AGREES", "CANNOT"], review_on__isnull=False, activated_at__isnull=False),
                name="plan_active_is_agreed",
            ),
            both_or_neither("activated_at", "activated_by", "plan_activated_pair"),
            both_or_neither("ended_at", "ended_by", "plan_ended_pair"),
            both_or_neither("made_full_at", "made_full_by", "plan_made_full_pair"),
            both_or_neither("asked_for_at", "asked_for_by", "plan_asked_for_pair"),
            both_or_neither("asked_for", "asked_for_at", "plan_asked_for_dated"),
            models.CheckConstraint(
                condition=Q(interim_from__isnull=True, interim_until__isnull=True, made_full_at__isnull=True)
                | Q(
                    interim_from__isnull=False,
                    interim_until__gte=F("interim_from"),
                    interim_until__lte=F("interim_from") + LONGEST_INTERIM,
                ),
                name="plan_interim_at_most_14_days",
            ),
        ]
        indexes = [models.Index(fields=["prison", "status"], name="plan_by_status")]

    @property
    def is_interim(self) -> bool:
        """Help from today that nobody has made the full plan."""
        return self.interim_from is not None and self.made_full_at is None


@tracked()
class PlanGoal(PrisonOwned):
    """One thing that the help should achieve, on one line, and what the reviews said of it."""

    class State(models.TextChoices):
        REACHED = "REACHED", "Reached"
        PARTLY = "PARTLY", "Partly reached"
        NOT = "NOT", "Not reached yet"
        DROPPED = "DROPPED", "Dropped"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    position = models.PositiveSmallIntegerField()
    # Empty while the words wait for a second person.
    words = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State, blank=True)
    state_at = models.DateTimeField(null=True)
    state_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"], condition=Q(removed_at__isnull=True), name="plan_goal_once"
            ),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=3), name="plan_goal_three"),
            both_or_neither("state_at", "state_by", "plan_goal_state_pair"),
            both_or_neither("removed_at", "removed_by", "plan_goal_removed_pair"),
            models.CheckConstraint(
                condition=Q(state="", state_at__isnull=True) | (~Q(state="") & Q(state_at__isnull=False)),
                name="plan_goal_state_dated",
            ),
        ]


@tracked()
class PlanTask(PrisonOwned):
    """One task of a plan: on which weekdays (0 is Monday), in which session, for how long, by whom."""

    class DoneBy(models.TextChoices):
        BUDDY = "BUDDY", "Buddy"
        CARER = "CARER", "Carer"
        SELF = "SELF", "The person"
        STAFF = "STAFF", "Staff"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks")
    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    done_by = models.CharField(max_length=6, choices=DoneBy, default=DoneBy.BUDDY)
    # While its buddy is suspended: whoever chose staff for it, so that it goes back when the buddy does.
    cover = models.ForeignKey("referrals.Cover", null=True, on_delete=models.PROTECT, related_name="+")
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    session = models.CharField(max_length=2, choices=Session)
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField()
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # Where the person themselves stopped it.
    stopped_window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    stop_reason = models.CharField(max_length=200, blank=True)

    # At a terminal somebody who is helped sees what their own plan holds.
    access = Access(
        terminal=("id", "token", "prison_id", "plan_id", "task_id", "session", "done_by", "stopped_at"),
        terminal_rows=f"plan_id IN (SELECT p.id FROM referrals_plan p WHERE p.person_id = {PERSON})",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "task", "session"], condition=Q(stopped_at__isnull=True), name="plan_task_once"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True, stopped_window__isnull=True)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False, stopped_window__isnull=True)
                | Q(stopped_at__isnull=False, stopped_by__isnull=True, stopped_window__isnull=False),
                name="plan_task_stopped_by_somebody",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=240), name="plan_task_minutes"),
            models.CheckConstraint(condition=Q(weekdays__len__gte=1), name="plan_task_has_days"),
            # PRO-01 to PRO-16 are no buddy's work, whoever asks.
            models.CheckConstraint(
                condition=~Q(Exact(Left("task", 4), Value("PRO-"))), name="plan_task_never_prohibited"
            ),
        ]


class Consent(PrisonOwned):
    """One part of consent, given or refused; withdrawn at any time without a reason."""

    class Scope(models.TextChoices):
        SUPPORT = "SUPPORT", "Help from a buddy"
        SHARING = "SHARING", "Sharing the plan with the council and healthcare"
        NAMED_BUDDY = "NAMED_BUDDY", "This buddy"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=12, choices=Scope)
    given = models.BooleanField()
    match = models.ForeignKey("referrals.Match", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("withdrawn_at", "withdrawn_by", "consent_withdrawn_pair"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("taken_at")),
                name="consent_withdrawn_after",
            ),
        ]
