"""The boundary guard's phrases, and words held for a second person."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import READ, Access
from referrals.models.plan import Plan


class BoundaryPhrase(models.Model):
    """One row of the guard's data, kept nationally: a phrase that speaks of a prohibited task (`code` PRO-xx), or a
    set of words that phrases are made of (`code` starts with @). `referrals.boundary.make_phrases` reads them in order.
    """

    position = models.PositiveSmallIntegerField(unique=True)
    language = models.CharField(max_length=2)
    code = models.CharField(max_length=24)
    phrase = models.TextField()
    unless = models.TextField(blank=True)
    # Says what is still to be done, such as "awaiting a translator's check".
    check_note = models.CharField(max_length=60, blank=True)

    access = Access(web=READ, national=READ)


class HeldText(PrisonOwned):
    """Free text that seems to describe a prohibited task. It goes nowhere until a second person has decided."""

    class Place(models.TextChoices):
        """Which field the words were written for."""

        PLAN_GOALS = "PLAN_GOALS", "Goals of a plan"
        PLAN_NOTES = "PLAN_NOTES", "Staff notes of a plan"
        TASK_NOTE = "TASK_NOTE", "Note of a task"
        SUPERVISION = "SUPERVISION", "Agreed in supervision"
        WELFARE = "WELFARE", "Agreed in a welfare check"
        EVACUATION = "EVACUATION", "How somebody leaves in an emergency"
        CAPACITY = "CAPACITY", "A decision in somebody’s best interests"
        VISIT_EXTRA = "VISIT_EXTRA", "Extra help on a visit"

    class Decision(models.TextChoices):
        WAITING = "WAITING", "Waiting for a second person"
        ALLOWED = "ALLOWED", "Allowed"
        REFUSED = "REFUSED", "Refused"
        # The writer has put other words in their place before anybody decided.
        REPLACED = "REPLACED", "Changed by the writer"

    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=12, choices=Place)
    # The row whose field waits for the words, such as a plan task or a visit; empty for the plan itself.
    subject_id = models.BigIntegerField(null=True)
    words = models.TextField()
    tasks = ArrayField(models.CharField(max_length=8))
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.WAITING)
    decision_reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            both_or_neither("decided_at", "decided_by", "held_text_decided_pair"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("written_by")), name="held_text_second_person"
            ),
        ]
