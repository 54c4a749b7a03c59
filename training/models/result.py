"""Results of training, kept as they were recorded."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, PERSON, Access
from schemes.models import Buddy, Person
from training.models.module import Module


class ModuleResult(PrisonOwned):
    """One result of one buddy. The newest counts; none is ever changed."""

    class Outcome(models.TextChoices):
        PASSED = "PASSED", "Passed"
        NOT_YET = "NOT_YET", "Not yet"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    assessed_on = models.DateField()
    expires_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    # At a terminal: one's own.
    access = Access(
        web=ADD,
        terminal=("id", "prison_id", "person_id", "module_id", "outcome", "assessed_on", "expires_on"),
        terminal_rows=f"person_id = {PERSON}",
    )
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("assessed_on")), name="result_expires_after"
            ),
        ]
        indexes = [models.Index(fields=["buddy", "module", "-assessed_on"], name="result_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
