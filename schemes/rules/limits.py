"""Limits for answers of the council and healthcare: each step no sooner than the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from buddyscheme.lib.errors import NotAllowed
from schemes.models.scheme import LIMITS, MOST_LIMIT

IN_ORDER = (
    ("council_ack_days", "council_visit_days", "council_decide_days"),
    ("health_ack_days", "health_visit_days", "health_decide_days"),
)


def check_limits(limits: Mapping[str, int]) -> None:
    """Every limit from a day to half a year; the visit not before the acknowledgement, the decision not before it."""
    for name in LIMITS:
        if not 1 <= limits[name] <= MOST_LIMIT:
            raise NotAllowed(f"Enter days from 1 to {MOST_LIMIT}.", field=name)
    for order in IN_ORDER:
        for earlier, later in pairwise(order):
            if limits[later] < limits[earlier]:
                raise NotAllowed(f"Enter at least {limits[earlier]} days, as for the step before it.", field=later)
