"""What the burden meter has measured."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, FloatField

from buddyscheme.accounts.models import Prison
from referrals.models import TaskUse

# Long enough for rare tasks, short enough to show what a changed form does.
DAYS = 91


class Median(Aggregate):
    """The middle one, or the mean of the two in the middle."""

    function = "PERCENTILE_CONT"
    name = "median"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field: Any = FloatField()


@dataclass(frozen=True)
class Use:
    """One task in one role: how often, the median of its answers, the median of its seconds."""

    role: str
    times: int
    inputs: float
    seconds: float


def uses(prison: Prison, today: date) -> dict[str, list[Use]]:
    """By task, of the last 13 weeks, in one query."""
    rows = TaskUse.objects.for_prison(prison).filter(used_on__gt=today - timedelta(days=DAYS))
    found: dict[str, list[Use]] = {}
    sums = rows.values("task", "role").annotate(
        times=Count("pk"), middle=Median("inputs"), took=Median("seconds"),
    )  # fmt: skip
    for row in sums.order_by("task", "role"):
        use = Use(row["role"], row["times"], row["middle"], row["took"])
        found.setdefault(row["task"], []).append(use)
    return found
