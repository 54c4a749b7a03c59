"""What every table of a prison shares: the prison's code, and one way in."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from buddyscheme.accounts.models.prison import Prison
from buddyscheme.lib.references import make_token


class PrisonQuerySet(models.QuerySet[Any]):
    """`for_prison` is the only way into a table from a view; row-level security stands behind it."""

    def for_prison(self, prison: Prison | str) -> Self:
        """Rows of one prison, given as object or code."""
        return self.filter(prison_id=prison.pk if isinstance(prison, Prison) else prison)


class PrisonOwned(models.Model):
    """A row that belongs to a prison. `token` stands in addresses; people say references."""

    prison = models.ForeignKey(Prison, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=make_token, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = PrisonQuerySet.as_manager()

    class Meta:
        abstract = True
