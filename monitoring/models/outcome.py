"""What people said about how they are, and scores of licensed instruments."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, READ, Access
from buddyscheme.scope.history import tracked
from monitoring.outcomes import INSTRUMENTS, LICENSED, SCORE, Point
from referrals.models import Plan
from schemes.models import Buddy, Person


class Outcome(PrisonOwned):
    """One person's answers at one time. Never changed: a correction is the next version, and the newest counts.

    Answers are values by the question's code; `score` is their sum, or what a licensed instrument came to. Staff
    answer without a name: their rows have no person.
    """

    class Proxy(models.TextChoices):
        NOBODY = "", "The person"
        STAFF = "STAFF", "Staff, for the person"
        CARER = "CARER", "A carer or healthcare, for the person"
        ADVOCATE = "ADVOCATE", "An advocate, for the person"

    INSTRUMENT_CHOICES = (*((each.code, each.title) for each in INSTRUMENTS), (SCORE, "A licensed instrument"))
    POINT_CHOICES = tuple((point.value, point.words) for point in Point)

    instrument = models.CharField(max_length=8, choices=INSTRUMENT_CHOICES)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=10, choices=POINT_CHOICES)
    asked_on = models.DateField()
    answers = models.JSONField(default=dict)
    score = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    proxy = models.CharField(max_length=8, choices=Proxy, blank=True)
    licensed = models.CharField(max_length=10, choices=LICENSED, blank=True)
    edition = models.CharField(max_length=40, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=READ)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(instrument="STAFF", person__isnull=True, plan__isnull=True, buddy__isnull=True)
                | (~Q(instrument="STAFF") & Q(person__isnull=False, plan__isnull=False, buddy__isnull=True))
                | (~Q(instrument="STAFF") & Q(person__isnull=False, plan__isnull=True, buddy__isnull=False)),
                name="outcome_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(instrument=SCORE) & ~Q(licensed="") & ~Q(licence="") & Q(score__isnull=False))
                | (~Q(instrument=SCORE) & Q(licensed="", licence="", edition="")),
                name="outcome_score_licensed",
            ),
            models.UniqueConstraint(
                fields=["plan", "instrument", "licensed", "point", "asked_on", "version"],
                condition=Q(plan__isnull=False),
                name="outcome_of_plan_once",
            ),
            models.UniqueConstraint(
                fields=["buddy", "instrument", "licensed", "point", "asked_on", "version"],
                condition=Q(buddy__isnull=False),
                name="outcome_of_buddy_once",
            ),
        ]
        indexes = [models.Index(fields=["prison", "instrument", "asked_on"], name="outcome_by_day")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


@tracked()
class OutcomeSetting(PrisonOwned):
    """Which questions a scheme asks beside those that every scheme asks."""

    switched_on = ArrayField(models.CharField(max_length=8), default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison"], name="outcome_setting_once")]
