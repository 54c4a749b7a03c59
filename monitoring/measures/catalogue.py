"""Every data item with its measures, in the order in which pages show them."""

from __future__ import annotations

from monitoring.measures.boundaries import BOUNDARY_REPORTS
from monitoring.measures.buddies import (
    ACTIVE_BUDDIES,
    CONDUCT,
    FULL_TIME,
    KIND_OF_SCHEME,
    LEAVERS,
    MATCHES_BY_APPROVAL,
    MONTHS_IN_ROLE,
    PEOPLE_FOR_EACH,
    TAKEN_OVER,
    TURNOVER,
)
from monitoring.measures.definition import Every, Item, Measure
from monitoring.measures.equality import COMPARED_WITH_PRISON
from monitoring.measures.leadership import COMPLETE, PROTECTED_TIME, STAFF_BRIEFED
from monitoring.measures.recipients import RECEIVING_AT_END, RECEIVING_EVER
from monitoring.measures.recruitment import RECRUITMENT, WAIT_FOR_SECURITY
from monitoring.measures.supervision import HELD_OF_DUE
from monitoring.measures.training import HOURS_GIVEN, IN_DATE, MODULES_PASSED, NEWLY_TRAINED, PASSED_OF_DUE
from monitoring.measures.unmet_care import UNMET_PERSON_DAYS
from monitoring.measures.visits import DELIVERED, NOT_DELIVERED

ITEMS: tuple[Item, ...] = (
    Item("OP-01", "Kind of scheme", (KIND_OF_SCHEME,)),
    Item("OP-02", "Active buddies", (ACTIVE_BUDDIES,)),
    Item("OP-03", "Buddies in full-time equivalents", (FULL_TIME,)),
    Item("OP-04", "People receiving help", (RECEIVING_AT_END, RECEIVING_EVER)),
    Item("OP-05", "People helped for each active buddy", (PEOPLE_FOR_EACH,)),
    Item("OP-07", "Planned visits that took place", (DELIVERED,)),
    Item("OP-08", "Why visits did not happen", NOT_DELIVERED),
    Item("OP-14", "Applications, interviews and appointments", RECRUITMENT),
    Item("OP-15", "From application to security’s decision", (WAIT_FOR_SECURITY,)),
    Item("OP-16", "Training completed", (PASSED_OF_DUE, HOURS_GIVEN, NEWLY_TRAINED)),
    Item("OP-17", "Training in date", (IN_DATE,)),
    Item("OP-18", "Supervision held", (HELD_OF_DUE,)),
    Item("OP-19", "Staff briefed about the scheme", (STAFF_BRIEFED,)),
    Item("OP-20", "Protected time", PROTECTED_TIME),
    Item("OP-21", "Turnover of buddies", (TURNOVER, *LEAVERS, MONTHS_IN_ROLE)),
    Item("OP-22", "Boundary reports", (BOUNDARY_REPORTS,)),
    Item("OP-25", "Compared with the prison", COMPARED_WITH_PRISON),
    Item("OP-30", "Records complete", COMPLETE),
    Item("OU-08", "Skills of buddies", (MODULES_PASSED,)),
    Item("OU-09", "Conduct of buddies", CONDUCT),
    Item("BS-01", "Days of unmet personal care", (UNMET_PERSON_DAYS,)),
    Item("BS-02", "Working by approval", (MATCHES_BY_APPROVAL, TAKEN_OVER)),
)
MEASURES: tuple[Measure, ...] = tuple(measure for item in ITEMS for measure in item.measures)
BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
COMPUTED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.computed)

_LONGER = {Every.MONTH: 0, Every.QUARTER: 1, Every.YEAR: 2}


def computed_for(every: Every) -> tuple[Measure, ...]:
    """What is worked out for a month, a quarter or a year: a yearly figure has no month."""
    return tuple(measure for measure in COMPUTED if _LONGER[measure.every] <= _LONGER[every])
