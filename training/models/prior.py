"""Training that was passed somewhere else, and what was decided about it."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from schemes.models import Buddy, Person
from training.models.module import Module


class PriorLearning(PrisonOwned):
    """One decision about one module that somebody says they passed elsewhere. Never changed: a new one follows it."""

    class Decision(models.TextChoices):
        ACCEPTED = "ACCEPTED", "Accepted"
        RETAKE = "RETAKE", "To be re-taken"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    # Where and when it was passed.
    place = models.CharField(max_length=120)
    passed_on = models.DateField()
    evidence = models.CharField(max_length=300)
    evidence_on = models.DateField()
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision="RETAKE") | ~models.Q(reason=""), name="prior_retake_says_why"
            ),
        ]
        indexes = [models.Index(fields=["buddy", "module", "-id"], name="prior_newest")]
