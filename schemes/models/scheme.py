"""A prison's buddy scheme: where it works, which tasks it allows, who answers for it."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.access import Access
from buddyscheme.scope.history import tracked
from schemes.models.task import TaskKind


class Department(models.TextChoices):
    """Who signs clearance, by code. A scheme may name others of its prison, which are stored by their name."""

    SECURITY = "SECURITY", "Security"
    HEALTHCARE = "HEALTHCARE", "Healthcare"
    SAFER_CUSTODY = "SAFER_CUSTODY", "Safer custody"
    OFFENDER_MANAGEMENT = "OFFENDER_MANAGEMENT", "Offender management"
    PROBATION = "PROBATION", "Probation"


# The national floor: these sign at every prison, and none of them can be taken out.
ALWAYS = ("SECURITY", "HEALTHCARE", "SAFER_CUSTODY", "OFFENDER_MANAGEMENT")


def default_departments() -> list[str]:
    """The four that every scheme starts with."""
    return list(ALWAYS)


# No scheme and no buddy goes beyond these, whoever asks: people at a time, minutes and days of a week.
MOST_PEOPLE, MOST_MINUTES, MOST_DAYS = 12, 40 * 60, 6
WITHIN_CAPS = Q(
    capacity__gte=1,
    capacity__lte=MOST_PEOPLE,
    weekly_minutes__gte=30,
    weekly_minutes__lte=MOST_MINUTES,
    days_in_row__gte=1,
    days_in_row__lte=MOST_DAYS,
)
# After how many days without an answer the council and healthcare are late. The defaults are ours: no law sets them.
LIMITS = (
    "council_ack_days",
    "council_visit_days",
    "council_decide_days",
    "council_plan_days",
    "health_ack_days",
    "health_visit_days",
    "health_decide_days",
)
MOST_LIMIT = 180
WITHIN_LIMITS = Q(*[Q(**{f"{name}__gte": 1, f"{name}__lte": MOST_LIMIT}) for name in LIMITS])


@tracked()
class Scheme(PrisonOwned):
    """One scheme a prison. It cannot be open without an answer to who comes at a fall, by day and by night."""

    class Status(models.TextChoices):
        SETTING_UP = "SETTING_UP", "Being set up"
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed"

    status = models.CharField(max_length=10, choices=Status, default=Status.SETTING_UP)
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    leave_cover = models.CharField(max_length=200, blank=True)
    fall_day_who = models.CharField(max_length=120, blank=True)
    fall_day_minutes = models.PositiveSmallIntegerField(null=True)
    fall_night_who = models.CharField(max_length=120, blank=True)
    fall_night_minutes = models.PositiveSmallIntegerField(null=True)
    # How to appeal against a refusal, as the letter says it. Empty: the usual words.
    appeal_route = models.TextField(blank=True, db_default="")
    appeal_route_cy = models.TextField(blank=True, db_default="")
    departments = ArrayField(models.CharField(max_length=LONGEST_NAME, choices=Department), default=default_departments)
    # For a department that was added later: from which day (2026-12-31) whoever does the job already needs it.
    departments_from = models.JSONField(default=dict, db_default={})
    clearance_months = models.PositiveSmallIntegerField(default=12, db_default=12)
    two_scores = models.BooleanField(default=False, db_default=False)
    supervision_months = models.PositiveSmallIntegerField(default=1, db_default=1)
    # Whether a group meeting stands in for a one-to-one.
    group_counts = models.BooleanField(default=False, db_default=False)
    capacity = models.PositiveSmallIntegerField(default=4)
    weekly_minutes = models.PositiveSmallIntegerField(default=1200)
    # Days one after the other on which a buddy may help before a day of rest.
    days_in_row = models.PositiveSmallIntegerField(default=6, db_default=6)
    council_ack_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    council_visit_days = models.PositiveSmallIntegerField(default=28, db_default=28)
    council_decide_days = models.PositiveSmallIntegerField(default=42, db_default=42)
    council_plan_days = models.PositiveSmallIntegerField(default=28, db_default=28)
    health_ack_days = models.PositiveSmallIntegerField(default=3, db_default=3)
    health_visit_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    health_decide_days = models.PositiveSmallIntegerField(default=14, db_default=14)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    # How often supervision is due.
    access = Access(terminal=("id", "prison_id", "supervision_months", "group_counts"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison"], name="scheme_one_a_prison"),
            models.CheckConstraint(
                condition=~Q(status="OPEN")
                | (
                    ~Q(fall_day_who="")
                    & ~Q(fall_night_who="")
                    & Q(fall_day_minutes__isnull=False)
                    & Q(fall_night_minutes__isnull=False)
                ),
                name="scheme_open_knows_falls",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
                name="scheme_opened_pair",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="scheme_closed_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="SETTING_UP") | Q(opened_at__isnull=False), name="scheme_open_dated"
            ),
            models.CheckConstraint(condition=Q(departments__contains=list(ALWAYS)), name="scheme_none_skipped"),
            models.CheckConstraint(
                condition=Q(clearance_months__gte=1, clearance_months__lte=60), name="scheme_clearance_months"
            ),
            models.CheckConstraint(
                condition=Q(supervision_months__gte=1, supervision_months__lte=6), name="scheme_supervision_months"
            ),
            models.CheckConstraint(condition=WITHIN_CAPS, name="scheme_caps"),
            models.CheckConstraint(condition=WITHIN_LIMITS, name="scheme_limits"),
        ]

    def needs(self, department: str, day: date) -> bool:
        """Whether a buddy needs this department's clearance on the day."""
        return department in self.departments and needed_from(self.departments_from, department) <= day


def needed_from(departments_from: dict[str, str], department: str) -> date:
    """From which day the department's clearance counts; one that was never added counts always."""
    since = departments_from.get(department)
    return date.fromisoformat(since) if since else date.min


class SchemeWing(PrisonOwned):
    """A wing that the scheme serves."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="wings")
    wing = models.ForeignKey(Wing, on_delete=models.PROTECT, related_name="+")
    served = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "wing"], name="scheme_wing_once")]


@tracked()
class SchemeTask(PrisonOwned):
    """Whether the scheme allows one task of the catalogue. A missing row means the catalogue's own default."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="tasks")
    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    allowed = models.BooleanField()
    # The last day of a restricted task that was approved: it ends by itself.
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "task"], name="scheme_task_once")]
