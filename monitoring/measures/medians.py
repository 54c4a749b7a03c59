"""How long something takes: the time by which half had it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from statistics import median

from monitoring.measures.definition import NOT_REACHED, Parts

Waits = Iterable[tuple[int, bool]]


def median_of(waits: Waits) -> Parts | None:
    """The Kaplan–Meier median of waits in days, each with whether it ended; None where there is none.

    The numerator says how many had ended, `n` how many there were.
    """
    return median_in(Decimal(1))(waits)


def median_in(unit: Decimal) -> Callable[[Waits], Parts | None]:
    """The same in a `unit` of so many days."""

    def typical(waits: Waits) -> Parts | None:
        # Numerical libraries take seconds to load, and pages that only show figures do without.
        from monitoring.statistics import kaplan_meier

        rows = tuple(waits)
        if not rows:
            return None
        found = kaplan_meier([length for length, _ in rows], [ended for _, ended in rows]).median
        value = NOT_REACHED if found is None else Decimal(str(found)) / unit
        return Parts(Decimal(sum(ended for _, ended in rows)), None, len(rows), value, rows)

    return typical


def plain_median(waits: Waits) -> Parts | None:
    """The median of lengths that are all known to their end, or that are asked how long they are so far."""
    rows = tuple(waits)
    if not rows:
        return None
    value = Decimal(str(median(length for length, _ in rows)))
    return Parts(Decimal(len(rows)), None, len(rows), value, rows)
