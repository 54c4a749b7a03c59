"""What was found when a running match was looked at again, and changes somebody has looked at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from referrals.models.match import Match


class MatchStop(PrisonOwned):
    """A check that has come to stop a running match. It is cleared by the next look that no longer finds it."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="stops")
    code = models.CharField(max_length=12)
    words = models.CharField(max_length=250)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["match", "code"], condition=Q(cleared_at__isnull=True), name="match_stop_open_once"
            )
        ]


class ChangeMark(PrisonOwned):
    """Somebody has looked at a change and at what it touches. `fact` names the change, as in "move:12"."""

    fact = models.CharField(max_length=40)
    looked_at = models.DateTimeField()
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prison", "fact"], name="change_mark_once")]
