"""A refused application: why, when the person was told, and their appeal."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.lib.constraints import both_or_neither
from buddyscheme.scope.access import Access
from buddyscheme.scope.history import tracked
from schemes.models.buddy import Buddy


@tracked()
class Refusal(PrisonOwned):
    """One refusal. It stands until an appeal is upheld, and no second one stands beside it."""

    class Told(models.TextChoices):
        FACE = "FACE", "Face to face"
        LETTER = "LETTER", "By letter"
        BOTH = "BOTH", "Face to face, with the letter"

    class Outcome(models.TextChoices):
        UPHELD = "UPHELD", "Upheld: the application is open again"
        DISMISSED = "DISMISSED", "Dismissed: the refusal stands"

    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="refusals")
    # Where the application stood, and where an upheld appeal brings it back to.
    old_status = models.CharField(max_length=12)
    # In plain words: the person reads this.
    reason = models.TextField()
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField(null=True)
    told_how = models.CharField(max_length=8, choices=Told, blank=True)
    told_who = models.CharField(max_length=120, blank=True)
    told_entered_at = models.DateTimeField(null=True)
    told_entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    appealed_on = models.DateField(null=True)
    appeal_words = models.TextField(blank=True)
    appeal_entered_at = models.DateTimeField(null=True)
    appeal_entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    # At a terminal: of one's own, whether the person was told, and whether there is an appeal and how it ended. Never a
    # word of the reason.
    access = Access(
        terminal=("id", "prison_id", "buddy_id", "told_on", "appealed_on", "outcome"),
        terminal_rows="buddy_id IN (SELECT b.id FROM schemes_buddy b)",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buddy"], condition=~Q(outcome="UPHELD"), name="refusal_one_standing"),
            models.CheckConstraint(condition=~Q(reason="") & Q(declined_at__isnull=False), name="refusal_says_why"),
            both_or_neither("declined_at", "declined_by", "refusal_declined_pair"),
            both_or_neither("told_entered_at", "told_entered_by", "refusal_told_pair"),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True, told_how="", told_who="", told_entered_at__isnull=True)
                | (Q(told_on__isnull=False, told_entered_at__isnull=False) & ~Q(told_how="") & ~Q(told_who="")),
                name="refusal_told_whole",
            ),
            both_or_neither("appeal_entered_at", "appeal_entered_by", "refusal_appeal_pair"),
            models.CheckConstraint(
                condition=Q(appealed_on__isnull=True, appeal_words="", appeal_entered_at__isnull=True, outcome="")
                | (Q(appealed_on__isnull=False, appeal_entered_at__isnull=False) & ~Q(appeal_words="")),
                name="refusal_appeal_whole",
            ),
            both_or_neither("decided_at", "decided_by", "refusal_decided_pair"),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_reason="", decided_at__isnull=True)
                | (~Q(outcome="") & ~Q(outcome_reason="") & Q(decided_at__isnull=False)),
                name="refusal_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("declined_by")),
                name="refusal_appeal_by_somebody_else",
            ),
        ]
        indexes = [models.Index(fields=["prison", "declined_at"], name="refusal_by_day")]
