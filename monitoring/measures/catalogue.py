"""Every measure that this system computes, in the order in which pages show them."""

from __future__ import annotations

from monitoring.measures.boundaries import BOUNDARY_REPORTS
from monitoring.measures.buddies import ACTIVE_BUDDIES, TAKEN_OVER
from monitoring.measures.definition import Measure
from monitoring.measures.recipients import RECEIVING_AT_END, RECEIVING_EVER
from monitoring.measures.unmet_care import UNMET_PERSON_DAYS
from monitoring.measures.visits import DELIVERED, NOT_DELIVERED

MEASURES: tuple[Measure, ...] = (
    ACTIVE_BUDDIES,
    TAKEN_OVER,
    RECEIVING_AT_END,
    RECEIVING_EVER,
    DELIVERED,
    *NOT_DELIVERED,
    BOUNDARY_REPORTS,
    UNMET_PERSON_DAYS,
)
BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
