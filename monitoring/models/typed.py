"""Figures that this system cannot work out: given by a person, with where they come from."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, READ, Access


class TypedFigure(PrisonOwned):
    """One measure of one period as somebody gave it. The newest counts; none is ever changed.

    `value` is in the measure's unit; without one the source says that nobody knows it. `fact_on` is the day of a
    fact, such as the one on which an agreement was signed.
    """

    period = models.CharField(max_length=8)
    first_day = models.DateField()
    measure = models.CharField(max_length=12)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    fact_on = models.DateField(null=True)
    source = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD, national=READ)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "period", "measure", "version"], name="typed_figure_once"),
            models.CheckConstraint(condition=~Q(source=""), name="typed_figure_has_source"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="typed_figure_not_below"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
