"""An override: one missing thing of one buddy that may be missing for a time."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.history import tracked
from schemes.models import Buddy
from training.models.module import Module

LONGEST_DAYS = 90


@tracked()
class Override(PrisonOwned):
    """A module or the compact stands as if it were in date until a day, approved by somebody who did not ask.

    There is no field for clearance, keep-apart or a prohibited task: nobody overrides those.
    """

    class Item(models.TextChoices):
        MODULE = "MODULE", "A training module"
        COMPACT = "COMPACT", "The compact"

    class Decision(models.TextChoices):
        WAITING = "WAITING", "Waiting for approval"
        APPROVED = "APPROVED", "Approved"
        REFUSED = "REFUSED", "Refused"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=7, choices=Item)
    module = models.ForeignKey(Module, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    ends_on = models.DateField()
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item="MODULE", module__isnull=False) | Q(item="COMPACT", module__isnull=True),
                name="override_one_item",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("asked_on"), ends_on__lte=F("asked_on") + timedelta(days=LONGEST_DAYS)),
                name="override_ends_in_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, decision="WAITING")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="WAITING")),
                name="override_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="override_second_person"
            ),
            models.UniqueConstraint(
                fields=["buddy", "item", "module"],
                condition=Q(decision="WAITING"),
                nulls_distinct=False,
                name="override_waiting_once",
            ),
        ]
        indexes = [models.Index(fields=["prison", "decision", "ends_on"], name="override_by_decision")]

    @property
    def code(self) -> str:
        """What it stands in for: the code of a module, or COMPACT."""
        return self.module_id or self.Item.COMPACT.value

    @property
    def what(self) -> str:
        """The same in words."""
        return self.module.title if self.module is not None else "The compact"
