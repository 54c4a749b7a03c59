"""Every data item with its measures, in the order in which pages show them."""

from __future__ import annotations

from monitoring.measures.boundaries import BOUNDARY_REPORTS
from monitoring.measures.buddies import ACTIVE_BUDDIES, TAKEN_OVER
from monitoring.measures.definition import Every, Item, Measure
from monitoring.measures.recipients import RECEIVING_AT_END, RECEIVING_EVER
from monitoring.measures.unmet_care import UNMET_PERSON_DAYS
from monitoring.measures.visits import DELIVERED, NOT_DELIVERED

ITEMS: tuple[Item, ...] = (
    Item("OP-02", "Active buddies", (ACTIVE_BUDDIES,)),
    Item("BS-02", "Working by approval", (TAKEN_OVER,)),
    Item("OP-04", "People receiving help", (RECEIVING_AT_END, RECEIVING_EVER)),
    Item("OP-07", "Planned visits that took place", (DELIVERED,)),
    Item("OP-08", "Why visits did not happen", NOT_DELIVERED),
    Item("OP-22", "Boundary reports", (BOUNDARY_REPORTS,)),
    Item("BS-01", "Days of unmet personal care", (UNMET_PERSON_DAYS,)),
)
MEASURES: tuple[Measure, ...] = tuple(measure for item in ITEMS for measure in item.measures)
BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
COMPUTED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.computed)

_LONGER = {Every.MONTH: 0, Every.QUARTER: 1, Every.YEAR: 2}


def computed_for(every: Every) -> tuple[Measure, ...]:
    """What is worked out for a month, a quarter or a year: a yearly figure has no month."""
    return tuple(measure for measure in COMPUTED if _LONGER[measure.every] <= _LONGER[every])
