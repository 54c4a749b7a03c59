"""Personal care that somebody needs and does not get, from the day it is known to the day it is met."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan
from schemes.models import Person, TaskKind


@tracked()
class UnmetNeed(PrisonOwned):
    """One need. Its days are counted, never typed: `known_on` counts as day 1, and `met_on` is not counted."""

    class PutTo(models.TextChoices):
        COUNCIL = "COUNCIL", "Council"
        HEALTHCARE = "HEALTHCARE", "Healthcare"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    known_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    put_to = models.CharField(max_length=10, choices=PutTo, blank=True)
    put_on = models.DateField(null=True)
    said = models.CharField(max_length=500, blank=True)
    met_on = models.DateField(null=True)
    met_how = models.CharField(max_length=500, blank=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            both_or_neither("met_at", "met_by", "unmet_need_met_pair"),
            both_or_neither("met_at", "met_on", "unmet_need_met_dated"),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(met_on__gte=F("known_on")), name="unmet_need_met_after"
            ),
            models.UniqueConstraint(
                fields=["person", "task"], condition=Q(met_on__isnull=True), name="unmet_need_open_once"
            ),
        ]
        indexes = [models.Index(fields=["prison", "known_on"], name="unmet_need_by_day")]
