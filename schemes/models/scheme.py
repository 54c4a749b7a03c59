"""A prison's buddy scheme: where it works, which tasks it allows, who answers for it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.history import tracked
from schemes.models.task import TaskKind


class Department(models.TextChoices):
    """Who signs clearance. A scheme names which of them it needs."""

    SECURITY = "SECURITY", "Security"
    HEALTHCARE = "HEALTHCARE", "Healthcare"
    SAFER_CUSTODY = "SAFER_CUSTODY", "Safer custody"
    OFFENDER_MANAGEMENT = "OFFENDER_MANAGEMENT", "Offender management"
    PROBATION = "PROBATION", "Probation"


def default_departments() -> list[str]:
    """The four that every scheme starts with."""
    return ["SECURITY", "HEALTHCARE", "SAFER_CUSTODY", "OFFENDER_MANAGEMENT"]


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
    departments = ArrayField(models.CharField(max_length=20, choices=Department), default=default_departments)
    capacity = models.PositiveSmallIntegerField(default=4)
    weekly_minutes = models.PositiveSmallIntegerField(default=1200)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

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
        ]


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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "task"], name="scheme_task_once")]
