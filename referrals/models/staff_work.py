"""Work of staff or carers that a buddy did: a mark of staff on a visit, never seen at a terminal."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ADD, Access
from referrals.models.visit import PlannedVisit
from schemes.models import Buddy


class StaffWorkMark(PrisonOwned):
    """A buddy did at this visit what staff or carers should do; or the mark is taken back. The newest counts.

    It hangs on the planned visit, so that it outlives corrections of what was recorded.
    """

    class Whose(models.TextChoices):
        STAFF = "STAFF", "Staff"
        CARERS = "CARERS", "Paid carers"

    planned = models.ForeignKey(PlannedVisit, on_delete=models.PROTECT, related_name="+")
    buddy = models.ForeignKey(Buddy, on_delete=models.PROTECT, related_name="+")
    marked = models.BooleanField()
    whose = models.CharField(max_length=6, choices=Whose, blank=True)
    words = models.CharField(max_length=200, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    access = Access(web=ADD)
    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(marked=False, whose="", words="") | (Q(marked=True) & ~Q(whose="") & ~Q(words="")),
                name="staff_work_says_what",
            ),
        ]
        indexes = [models.Index(fields=["planned", "-id"], name="staff_work_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
