"""Figures of one prison-month, exact, for the prison itself."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import CHANGE, Access
from buddyscheme.scope.history import tracked


class FigureState(models.TextChoices):
    """What a figure is when it is not simply a number. Three different words for three different things."""

    VALUE = "VALUE", "A number"
    NONE = "NONE", "None"
    NOT_RETURNED = "NOT_RETURNED", "No return"
    NOT_YET_DUE = "NOT_YET_DUE", "Not yet due"
    TOO_FEW = "TOO_FEW", "Too few to show"


@tracked()
class Figure(PrisonOwned):
    """(prison, month, measure, breakdown) with its parts. Recomputed whole when something in the month changes.

    `numerator`, `denominator` and `value` are in the measure's unit; shares are fractions of 1. `completeness`
    is the share of the month's planned visits for which something was recorded.
    """

    month = models.DateField()
    measure = models.CharField(max_length=12)
    breakdown = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=FigureState)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    n = models.PositiveIntegerField(null=True)
    completeness = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    looked_at_share = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    definition_version = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()

    access = Access(web=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "month", "measure", "breakdown"], name="figure_once"),
            models.CheckConstraint(
                condition=models.Q(state="VALUE", value__isnull=False)
                | models.Q(state="NONE", value__isnull=False, value=0)
                | models.Q(state__in=["NOT_RETURNED", "NOT_YET_DUE"], value__isnull=True),
                name="figure_state_fits_value",
            ),
        ]


class MonthClose(PrisonOwned):
    """The lead signed the month off."""

    month = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "month"], name="month_closed_once")]
