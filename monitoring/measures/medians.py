"""How long something takes when some still wait: the time by which half had it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from monitoring.measures.definition import NOT_REACHED, Parts
from monitoring.statistics import kaplan_meier


def median_wait(waits: Sequence[tuple[int, bool]], *, unit: Decimal = Decimal(1)) -> Parts | None:
    """The median of waits as (length, whether it ended), in `unit`s of the length. None where nobody waited.

    The numerator says how many had ended, `n` how many there were.
    """
    if not waits:
        return None
    median = kaplan_meier([length for length, _ in waits], [ended for _, ended in waits]).median
    value = NOT_REACHED if median is None else Decimal(str(median)) / unit
    return Parts(Decimal(sum(ended for _, ended in waits)), None, len(waits), value)
