"""A prison's own departments, beside the five that every prison has."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from buddyscheme.accounts.departments import LONGEST_NAME
from buddyscheme.accounts.models.owned import PrisonOwned
from buddyscheme.accounts.models.user import User
from buddyscheme.lib.constraints import both_or_neither


class LocalDepartment(PrisonOwned):
    """A department by name, which somebody may hold a role for. Ended, never deleted."""

    name = models.CharField(max_length=LONGEST_NAME)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "prison", Lower("name"), condition=models.Q(ended_at__isnull=True), name="local_department_once"
            ),
            both_or_neither("ended_at", "ended_by", "local_department_ended_pair"),
        ]
