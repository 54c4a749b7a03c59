"""Results of training, kept as they were recorded."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, PERSON, Access
from schemes.models import Buddy, Person
from training.models.module import Module
from training.models.prior import PriorLearning
from training.models.session import ClassSession


class ModuleResult(PrisonOwned):
    """One result of one buddy. The newest counts; none is ever changed.

    A module is passed when all its parts are: knowledge, and the practical part where it has one. A part is empty
    where the module has none, or where the result was recorded as a whole.
    """

    class Outcome(models.TextChoices):
        PASSED = "PASSED", "Passed"
        NOT_YET = "NOT_YET", "Not yet"
        # What was recorded for a class in which the person was not: as if it had never been.
        VOID = "VOID", "Taken back"

    class Part(models.TextChoices):
        PASSED = "PASSED", "Passed"
        NOT_YET = "NOT_YET", "Not yet"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome)
    knowledge = models.CharField(max_length=8, choices=Part, blank=True, db_default="")
    practical = models.CharField(max_length=8, choices=Part, blank=True, db_default="")
    assessed_on = models.DateField()
    # The day of the knowledge part, where it was passed before the practical one. The module runs from the earlier.
    knowledge_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(ClassSession, null=True, on_delete=models.PROTECT, related_name="+")
    prior = models.OneToOneField(PriorLearning, null=True, on_delete=models.PROTECT, related_name="result")
    # A correction of what was recorded for the same class: the row that no longer counts.
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    # At a terminal: one's own.
    access = Access(
        web=ADD,
        terminal=("id", "prison_id", "person_id", "module_id", "outcome", "assessed_on", "expires_on", "replaces_id"),
        terminal_rows=f"person_id = {PERSON}",
    )
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gt=F("assessed_on")), name="result_expires_after"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="PASSED") | (Q(knowledge__in=["", "PASSED"]) & Q(practical__in=["", "PASSED"])),
                name="result_passed_in_all_parts",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="VOID") | Q(replaces__isnull=False, expires_on__isnull=True),
                name="result_void_replaces",
            ),
            models.CheckConstraint(
                condition=Q(session__isnull=True) | Q(prior__isnull=True), name="result_of_class_or_prior"
            ),
        ]
        indexes = [models.Index(fields=["buddy", "module", "-assessed_on"], name="result_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
