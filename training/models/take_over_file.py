"""A list of buddies to take over, kept while somebody looks at its lines and mends them."""

from __future__ import annotations

from django.db import models

from buddyscheme.accounts.models import PrisonOwned, User
from buddyscheme.scope.access import ALL, Access

# The national role sweeps what has expired, at every prison.
SWEPT = Access(web=ALL, national="SELECT, UPDATE, DELETE")


class TakeOverFile(PrisonOwned):
    """An uploaded list, before anything is saved from it. Only who uploaded it sees it, until `expires_at`."""

    good_by = models.DateField()
    reason = models.CharField(max_length=300)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()

    access = SWEPT

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("uploaded_at")), name="take_over_file_expires_after"
            ),
        ]


class TakeOverLine(PrisonOwned):
    """One line: what was typed under each heading. It goes with the file."""

    file = models.ForeignKey(TakeOverFile, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    said = models.JSONField()
    left_out = models.BooleanField(default=False)

    access = SWEPT

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="take_over_line_once")]
