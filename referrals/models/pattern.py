"""Patterns: rules whose numbers are data, what they found, and what a person decided about it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import ADD, CHANGE, READ, Access
from referrals.models.visit import PlannedVisit
from referrals.models.window import TerminalWindow
from schemes.models import Buddy, Person


class PatternRule(models.Model):
    """The numbers of one rule from some moment on. Rows are added, never changed; the newest of a rule counts.

    A rule without a row has the numbers of `referrals/data/pattern_rules.csv`. What the two numbers count is said by
    `rules.patterns.words_of`.
    """

    class Code(models.TextChoices):
        HOURS = "HOURS", "Hours far above others"
        BURST = "BURST", "Many entries at once"
        LOCKED_UP = "LOCKED_UP", "Entries for times when people were locked up"
        ALONE = "ALONE", "Two people with nobody else near"
        REFUSALS = "REFUSALS", "Help refused again and again"
        AS_PLANNED = "AS_PLANNED", "Always as planned"

    code = models.CharField(max_length=10, choices=Code)
    least = models.PositiveSmallIntegerField()
    within = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)
    reason = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=READ, national=ADD)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="pattern_rule_has_reason"),
            models.CheckConstraint(condition=Q(least__gte=1), name="pattern_rule_counts"),
        ]


class PatternHit(PrisonOwned):
    """One rule found something: a prompt to look, in the words that the rule had then. Nobody gets a score.

    `subject` names what it is about ("buddy:12"), so that the same thing waits only once.
    """

    class Decision(models.TextChoices):
        WAITING = "WAITING", "To look at"
        DISMISSED = "DISMISSED", "Nothing to worry about"
        ACTED = "ACTED", "Something is done about it"

    reference = models.CharField(max_length=12)
    rule = models.CharField(max_length=10, choices=PatternRule.Code)
    # The rule's sentence as it fired, and what was counted.
    wording = models.CharField(max_length=200)
    found = models.CharField(max_length=300)
    subject = models.CharField(max_length=60)
    buddy = models.ForeignKey(Buddy, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(TerminalWindow, null=True, on_delete=models.PROTECT, related_name="+")
    # Who made the entries. They never see it.
    staff = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=9, choices=Decision, default=Decision.WAITING)
    words = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    access = Access(web=CHANGE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prison", "reference"], name="pattern_hit_reference_once"),
            models.UniqueConstraint(
                fields=["prison", "rule", "subject"], condition=Q(decision="WAITING"), name="pattern_hit_waits_once"
            ),
            both_or_neither("decided_at", "decided_by", "pattern_hit_decided_pair"),
            models.CheckConstraint(
                condition=Q(decision="WAITING", decided_at__isnull=True, words="")
                | (~Q(decision="WAITING") & Q(decided_at__isnull=False) & ~Q(words="")),
                name="pattern_hit_decided_in_words",
            ),
        ]
        indexes = [models.Index(fields=["prison", "decision", "found_at"], name="pattern_hit_by_decision")]

    @property
    def about_id(self) -> int | None:
        """Whom it is about: whoever is helped, or else the buddy; nobody where it is about entries of staff."""
        if self.person_id is not None:
            return self.person_id
        return self.buddy.person_id if self.buddy is not None else None

    @property
    def about(self) -> Person | None:
        """The same as a person, for pages; the prison may no longer read whoever has moved on."""
        return self.person or (self.buddy.person if self.buddy is not None else None)


class PatternRow(PrisonOwned):
    """One visit behind a hit. The planned visit stands for it, so that a correction does not make it a new one."""

    hit = models.ForeignKey(PatternHit, on_delete=models.PROTECT, related_name="rows")
    planned = models.ForeignKey(PlannedVisit, on_delete=models.PROTECT, related_name="+")
    # Why this one is among them, where the rule has more than one reason.
    why = models.CharField(max_length=120, blank=True)

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hit", "planned"], name="pattern_row_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
