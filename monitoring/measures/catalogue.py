"""Every data item with its measures, in the order in which pages show them."""

from __future__ import annotations

from monitoring.measures import costs, outcomes
from monitoring.measures.boundaries import BOUNDARY_REPORTS
from monitoring.measures.buddies import ACTIVE_BUDDIES, TAKEN_OVER
from monitoring.measures.definition import Every, Item, Kind, Measure
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
    Item("CO-01", "Pay of buddies", (costs.BUDDY_PAY,)),
    Item("CO-02", "Staff time: the lead", (costs.LEAD_TIME,)),
    Item("CO-03", "Staff time: others", (costs.STAFF_TIME,)),
    Item("CO-04", "Training delivery", (costs.TRAINING_COST,)),
    Item("CO-05", "External contract", (costs.CONTRACT,)),
    Item("CO-06", "Equipment and consumables", (costs.EQUIPMENT,)),
    Item("CO-07", "Set-up cost", (costs.SETTING_UP,)),
    Item("CO-08", "Recording time", (costs.RECORDING,)),
    Item("CO-09", "Total cost", (costs.TOTAL,)),
    Item("CO-10", "Cost for an hour of support", (costs.PER_HOUR,)),
    Item("CO-11", "Cost for a person’s month", (costs.PER_MONTH,)),
    Item("CO-12", "Comparator: paid care", (costs.PAID_CARE,)),
    Item("CO-13", "Costs avoided or moved", (costs.AVOIDED,)),
    Item("CO-14", "Who pays", costs.WHO_PAYS),
    Item("OU-01", "Independence", outcomes.INDEPENDENCE),
    Item("OU-02", "Social-care quality of life", (outcomes.QUALITY_OF_LIFE,)),
    Item("OU-03", "Wellbeing", outcomes.WELLBEING),
    Item("OU-04", "Loneliness", outcomes.LONELINESS),
    Item("OU-05", "Taking part in the regime", (outcomes.REGIME,)),
    Item("OU-06", "Getting the help that is needed", (outcomes.HELP_NEEDED,)),
    Item("OU-07", "Buddies’ confidence", outcomes.CONFIDENCE),
    Item("OU-10", "Experience", outcomes.EXPERIENCE),
    Item("OU-11", "Staff time released", (outcomes.STAFF_TIME,)),
    Item("OU-14", "Reoffending", (outcomes.REOFFENDING,)),
    Item("OU-15", "Work after release", (outcomes.EMPLOYMENT,)),
    Item("OU-16", "Hospital and bed watch", (outcomes.HOSPITAL,)),
    Item("BS-01", "Days of unmet personal care", (UNMET_PERSON_DAYS,)),
)
MEASURES: tuple[Measure, ...] = tuple(measure for item in ITEMS for measure in item.measures)
BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
# What a release holds: counts and what is made from them.
PUBLISHED: tuple[Measure, ...] = tuple(
    measure
    for measure in MEASURES
    if measure.computed and measure.every is Every.MONTH and measure.kind in (Kind.COUNT, Kind.SHARE, Kind.RATE)
)
COMPUTED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.computed)

_LONGER = {Every.MONTH: 0, Every.QUARTER: 1, Every.YEAR: 2}


def computed_for(every: Every) -> tuple[Measure, ...]:
    """What is worked out for a month, a quarter or a year: a yearly figure has no month."""
    return tuple(measure for measure in COMPUTED if _LONGER[measure.every] <= _LONGER[every])
