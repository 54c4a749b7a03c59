"""Looking at visits: the week's confirmation, each look, and asking people whether the help came."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User, Wing
from buddyscheme.scope.access import ADD, Access
from referrals.models.plan import Plan
from referrals.models.visit import Visit
from schemes.models import Person


class WeekConfirmation(PrisonOwned):
    """A wing's week, confirmed: how many visits, how many were looked at, and which three were drawn to ask about."""

    wing = models.ForeignKey(Wing, on_delete=models.PROTECT, related_name="+")
    week_starts_on = models.DateField()
    visits = models.PositiveIntegerField()
    looked_at = models.PositiveIntegerField()
    drawn = ArrayField(models.BigIntegerField(), default=list)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wing", "week_starts_on"], name="week_confirmed_once"),
            models.CheckConstraint(condition=Q(looked_at__lte=F("visits")), name="week_looked_at_some"),
        ]


class VisitLook(PrisonOwned):
    """A member of staff looked at one visit and says it is right, or corrected it."""

    class Result(models.TextChoices):
        RIGHT = "RIGHT", "Right"
        CORRECTED = "CORRECTED", "Corrected"

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, choices=Result)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["visit"], name="visit_look_by_visit")]


class HelpCheck(PrisonOwned):
    """The person was asked in private whether the help came. Never asked by the buddy."""

    class Answer(models.TextChoices):
        CAME = "CAME", "Yes, it came"
        PARTLY = "PARTLY", "Some of it"
        DID_NOT_COME = "DID_NOT_COME", "No"
        NO_ANSWER = "NO_ANSWER", "Would rather not say"

    class InReturn(models.TextChoices):
        YES = "YES", "Yes"
        NO = "NO", "No"
        NO_ANSWER = "NO_ANSWER", "Would rather not say"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer)
    asked_in_return = models.CharField(max_length=10, choices=InReturn, default=InReturn.NO_ANSWER)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True
