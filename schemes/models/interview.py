"""The interview of an applicant: written criteria, scores given apart, and the agreed result."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from schemes.models.buddy import Buddy
from schemes.models.scheme import Scheme

# From "no sign of it" to "clearly".
LOWEST, HIGHEST = 1, 4


class InterviewCriteria(PrisonOwned):
    """One version of what a scheme's applicants are asked to show. A change is a new version."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="criteria")
    version = models.PositiveSmallIntegerField()
    items = ArrayField(models.CharField(max_length=150))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "version"], name="interview_criteria_once"),
            models.CheckConstraint(condition=Q(items__len__gte=1), name="interview_criteria_some"),
        ]


class Interview(PrisonOwned):
    """One interview with its agreed result, and the criteria that were used."""

    class Result(models.TextChoices):
        SUITABLE = "SUITABLE", "Suitable"
        NOT_SUITABLE = "NOT_SUITABLE", "Not suitable"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="interviews")
    held_on = models.DateField()
    panel = models.CharField(max_length=200)
    result = models.CharField(max_length=12, choices=Result)
    notes = models.TextField(blank=True)
    # What was done to make it easier: asked for in the application, given on the day.
    adjustments_made = models.TextField(blank=True, default="", db_default="")
    # Empty for interviews recorded before criteria were kept.
    criteria = models.ForeignKey(InterviewCriteria, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class ScoreSheet(PrisonOwned):
    """What one member of staff gave against each criterion, before seeing what the other gave.

    `scores` follow the criteria's order, each from 1 to 4. Until the agreed result is recorded, `interview` is empty.
    Two sheets at most, by two people: both are held by the database.
    """

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="score_sheets")
    interview = models.ForeignKey(Interview, null=True, on_delete=models.PROTECT, related_name="score_sheets")
    criteria = models.ForeignKey(InterviewCriteria, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    scores = ArrayField(models.PositiveSmallIntegerField())
    reasons = models.TextField(blank=True)
    scored_at = models.DateTimeField()
    scored_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buddy", "interview", "scored_by"], nulls_distinct=False, name="score_sheet_two_people"
            ),
            models.UniqueConstraint(
                fields=["buddy", "interview", "place"], nulls_distinct=False, name="score_sheet_place_once"
            ),
            models.CheckConstraint(condition=Q(place__in=[1, 2]), name="score_sheet_two_at_most"),
            models.CheckConstraint(
                condition=Q(scores__len__gte=1, scores__contained_by=list(range(LOWEST, HIGHEST + 1))),
                name="score_sheet_one_to_four",
            ),
        ]
