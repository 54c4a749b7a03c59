"""Enrolled shared machines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from buddyscheme.accounts.models.owned import PrisonOwned
from buddyscheme.accounts.models.prison import Wing
from buddyscheme.accounts.models.user import User
from buddyscheme.scope.access import Access


class Terminal(PrisonOwned):
    """A machine that an administrator enrolled for a wing. The browser holds a device token; we hold its hash."""

    wing = models.ForeignKey(Wing, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    # Without one the machine says nothing: a first name and a cell read aloud would be heard on the wing.
    has_headset = models.BooleanField(default=False, db_default=False)
    device_hash = models.CharField(max_length=64, blank=True)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    # Found by its device token before the prison is known.
    access = Access(rows="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="terminal_withdrawn_pair",
            ),
            models.UniqueConstraint(fields=["device_hash"], condition=~Q(device_hash=""), name="terminal_device_once"),
        ]
