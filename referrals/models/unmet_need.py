"""Personal care that somebody needs and does not get, from the day it is known to the day it is met."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, Access
from buddyscheme.scope.history import tracked
from referrals.models.plan import Plan
from schemes.models import Person, TaskKind


@tracked()
class UnmetNeed(PrisonOwned):
    """One need. Its days are counted, never typed: `known_on` is day 1, and `met_on` or `left_on` is not counted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(TaskKind, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12)
    known_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    met_on = models.DateField(null=True)
    met_how = models.CharField(max_length=500, blank=True)
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    # The person left with the need unmet: from that day it is not counted here.
    left_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            both_or_neither("met_at", "met_by", "unmet_need_met_pair"),
            both_or_neither("met_at", "met_on", "unmet_need_met_dated"),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(met_on__gte=F("known_on")), name="unmet_need_met_after"
            ),
            models.UniqueConstraint(
                fields=["person", "task"],
                condition=Q(met_on__isnull=True, left_on__isnull=True),
                name="unmet_need_open_once",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("known_on")), name="unmet_need_left_after"
            ),
        ]
        indexes = [models.Index(fields=["prison", "known_on"], name="unmet_need_by_day")]


class UnmetNeedPut(PrisonOwned):
    """The need was put to somebody on a day, in a letter or otherwise. What was put stays; answers come beside it."""

    class To(models.TextChoices):
        COUNCIL = "COUNCIL", "Council"
        HEALTHCARE = "HEALTHCARE", "Healthcare"
        DEPARTMENT = "DEPARTMENT", "Another department of the prison"

    need = models.ForeignKey(UnmetNeed, on_delete=models.PROTECT, related_name="puts")
    to = models.CharField(max_length=10, choices=To)
    department = models.CharField(max_length=60, blank=True)
    put_on = models.DateField()
    by_letter = models.BooleanField(default=False)
    put_at = models.DateTimeField()
    put_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(to="DEPARTMENT") & ~Q(department="")) | (~Q(to="DEPARTMENT") & Q(department="")),
                name="unmet_need_put_names_department",
            ),
        ]
        indexes = [models.Index(fields=["need", "-put_on", "-id"], name="unmet_need_put_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def to_words(self) -> str:
        """Whom, in words."""
        return self.department or self.get_to_display()


class UnmetNeedAnswer(PrisonOwned):
    """What they said, and when."""

    put = models.ForeignKey(UnmetNeedPut, on_delete=models.PROTECT, related_name="answers")
    answered_on = models.DateField()
    said = models.CharField(max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(said=""), name="unmet_need_answer_says")]
        indexes = [models.Index(fields=["put", "-answered_on", "-id"], name="unmet_need_answer_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
