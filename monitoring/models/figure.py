"""Figures of one prison-month, exact, for the prison itself."""

from __future__ import annotations

import pgtrigger
from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, CHANGE, READ, Access


class FigureState(models.TextChoices):
    """What a figure is when it is not simply a number. A word of its own for each."""

    VALUE = "VALUE", "A number"
    NONE = "NONE", "None"
    NOT_RETURNED = "NOT_RETURNED", "No return"
    NOT_YET_DUE = "NOT_YET_DUE", "Not yet due"
    NOT_REACHED = "NOT_REACHED", "Not reached yet"
    TOO_FEW = "TOO_FEW", "Too few to show"


class Figure(PrisonOwned):
    """(prison, period, measure, breakdown) with its parts. Recomputed whole when something in the period changes.

    `period` is a code (`2026-10`, `2026-Q4`) and `first_day` its first day. `breakdown` is empty or a group, as
    `age:50-59`. `numerator`, `denominator` and `value` are in the measure's unit; shares are fractions of 1.
    `completeness` is the share of the period's planned visits for which something was recorded. `version` goes up
    with every correction after the month was closed.
    """

    period = models.CharField(max_length=8)
    first_day = models.DateField()
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
    version = models.PositiveIntegerField(default=1)
    computed_at = models.DateTimeField()

    # Worked out in the national role: whoever asks, people who have left and every concern count.
    access = Access(web=READ, national=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period", "measure", "breakdown"], name="figure_once_a_period"),
            models.CheckConstraint(
                condition=models.Q(state="VALUE", value__isnull=False)
                | models.Q(state="NONE", value__isnull=False, value=0)
                | models.Q(state__in=["NOT_RETURNED", "NOT_YET_DUE", "NOT_REACHED"], value__isnull=True),
                name="figure_state_fits_value",
            ),
        ]


class FigureCorrection(PrisonOwned):
    """What a figure of a closed month was before something changed it, and what it became. Never changed itself."""

    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    was_state = models.CharField(max_length=12, choices=FigureState)
    was_value = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    was_numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    was_denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    state = models.CharField(max_length=12, choices=FigureState)
    value = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    corrected_at = models.DateTimeField()

    access = Access(web=READ, national=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["figure", "version"], name="figure_correction_once")]
        indexes = [models.Index(fields=["prison", "corrected_at"], name="figure_correction_by_time")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class MonthClose(PrisonOwned):
    """The lead signed the month off."""

    month = models.DateField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "month"], name="month_closed_once")]
