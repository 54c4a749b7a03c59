"""Words of a measure as the national lead amended them. What is counted is code and never changes here."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import User
from buddyscheme.scope.access import ADD, READ, Access
from monitoring.measures.definition import Basis

AMENDED = ("title", "answers", "numerator", "denominator", "basis", "expectation")
"""What may be amended, by the names that the definition has for it."""


class MeasureWords(models.Model):
    """One amendment of one measure's words, whole. The newest counts; none is ever changed."""

    measure = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    answers = models.CharField(max_length=200)
    numerator = models.CharField(max_length=500)
    denominator = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=60, choices=[(each.value, each.value) for each in Basis])
    expectation = models.CharField(max_length=200)
    reason = models.CharField(max_length=200)
    amended_at = models.DateTimeField()
    amended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=ADD)
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title="") & ~Q(reason=""), name="measure_words_say_why")]
        indexes = [models.Index(fields=["measure", "-id"], name="measure_words_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
