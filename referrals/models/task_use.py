"""How long staff's tasks really take: the burden meter."""

from __future__ import annotations

import pgtrigger
from django.db import models

from buddyscheme.accounts.models import Prison
from buddyscheme.accounts.models.owned import PrisonQuerySet
from buddyscheme.scope.access import ADD, Access


class TaskUse(models.Model):
    """One task done once: how many answers it took and how many seconds passed from its first page to the save.

    Nobody is named, and there is a day but no time of day, so that no row can be laid beside the audit.
    """

    prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=16)
    # The code of the role in which it was done.
    role = models.CharField(max_length=20)
    inputs = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    used_on = models.DateField()

    objects = PrisonQuerySet.as_manager()
    access = Access(web=ADD)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["prison", "used_on"], name="task_use_by_day")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
