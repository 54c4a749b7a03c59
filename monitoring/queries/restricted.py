"""Which restricted tasks are on at which prisons: settings of schemes, no people."""

from __future__ import annotations

from datetime import date

from buddyscheme.scope.transaction import DatabaseRole, scoped
from training.models import RestrictedTask


def restricted_everywhere(today: date) -> list[RestrictedTask]:
    """Every approval that runs today, by prison and task. Run on behalf of a national role."""
    with scoped(DatabaseRole.NATIONAL):
        rows = RestrictedTask.objects.filter(status=RestrictedTask.Status.APPROVED, review_on__gte=today)
        return list(rows.select_related("prison", "task").order_by("prison__name", "task__position", "id"))
