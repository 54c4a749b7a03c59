"""Rest days of a prison's buddies."""

from __future__ import annotations

from django.db.models import Count

from schemes.models import Buddy


def quietest_rest_day(prison_code: str) -> int:
    """The weekday (0 is Monday) on which the fewest active buddies rest; of several the latest in the week."""
    rows = Buddy.objects.for_prison(prison_code).filter(status=Buddy.Status.ACTIVE).order_by().values("rest_day")
    resting = dict(rows.annotate(n=Count("id")).values_list("rest_day", "n"))
    return min(range(7), key=lambda day: (resting.get(day, 0), -day))
