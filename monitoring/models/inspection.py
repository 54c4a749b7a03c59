"""An inspection on site: one inspector, one prison, some days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import CHANGE, READ, Access

LONGEST_DAYS = 28


class Inspection(PrisonOwned):
    """A named inspector may see exact figures and case lines without names, on screen, on these days.

    Opened by the national lead; the prison sees that it is open and how often it was read.
    """

    reference = models.CharField(max_length=40)
    inspector = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=CHANGE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")) & Q(last_on__lt=F("first_on") + LONGEST_DAYS),
                name="inspection_days",
            ),
            both_or_neither("ended_at", "ended_by", "inspection_ended_pair"),
            models.CheckConstraint(condition=~Q(reference=""), name="inspection_reference"),
        ]
        indexes = [models.Index(fields=["inspector", "last_on"], name="inspection_by_inspector")]
