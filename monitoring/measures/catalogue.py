"""Every data item with its measures, in the order in which pages show them."""

from __future__ import annotations

from monitoring.measures import costs, outcomes
from monitoring.measures.assessments import ASSESSMENTS, ELIGIBLE
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
from monitoring.measures.concerns import ACTED_IN_TIME, CONCERNS
from monitoring.measures.continuity import HANDED_OVER, PACKS_IN_TIME, REVIEWS_IN_TIME
from monitoring.measures.definition import Every, Item, Measure, Told
from monitoring.measures.equality import COMPARED_WITH_PRISON
from monitoring.measures.experience import AGREEMENT, COMPLAINTS
from monitoring.measures.falls import FALLS, HARM
from monitoring.measures.leadership import COMPLETE, PROTECTED_TIME, STAFF_BRIEFED
from monitoring.measures.recipients import INFORMAL_HELP, RECEIVING_AT_END, RECEIVING_EVER, WAITING_AT_END, WAITING_DAYS
from monitoring.measures.recruitment import RECRUITMENT, WAIT_FOR_SECURITY
from monitoring.measures.referrals import REFERRALS
from monitoring.measures.supervision import HELD_OF_DUE
from monitoring.measures.training import HOURS_GIVEN, IN_DATE, MODULES_PASSED, NEWLY_TRAINED, PASSED_OF_DUE
from monitoring.measures.unmet_care import UNMET_AT_REVIEW, UNMET_PERSON_DAYS
from monitoring.measures.visits import DELIVERED, HOURS, NOT_DELIVERED
from monitoring.measures.waits import SUPPORTED_IN_TIME, TYPICAL_WAIT

# One line for each, by code: OP-, CO-, OU-, BS-.
ITEMS: tuple[Item, ...] = (
    Item("OP-01", "Kind of scheme", (KIND_OF_SCHEME,)),
    Item("OP-02", "Active buddies", (ACTIVE_BUDDIES,)),
    Item("OP-03", "Buddies in full-time equivalents", (FULL_TIME,)),
    Item("OP-04", "People receiving help", (RECEIVING_AT_END, RECEIVING_EVER)),
    Item("OP-05", "People helped for each active buddy", (PEOPLE_FOR_EACH,)),
    Item("OP-06", "Support hours", HOURS),
    Item("OP-07", "Planned visits that took place", (DELIVERED,)),
    Item("OP-08", "Why visits did not happen", NOT_DELIVERED),
    Item("OP-09", "Referrals", REFERRALS),
    Item("OP-10", "From referral to first support", (SUPPORTED_IN_TIME, TYPICAL_WAIT)),
    Item("OP-11", "Assessments by the council and by healthcare", ASSESSMENTS),
    Item("OP-12", "Found eligible", (ELIGIBLE,)),
    Item("OP-13", "Waiting for a buddy", (WAITING_AT_END, WAITING_DAYS)),
    Item("OP-14", "Applications, interviews and appointments", RECRUITMENT),
    Item("OP-15", "From application to security’s decision", (WAIT_FOR_SECURITY,)),
    Item("OP-16", "Training completed", (PASSED_OF_DUE, HOURS_GIVEN, NEWLY_TRAINED)),
    Item("OP-17", "Training in date", (IN_DATE,)),
    Item("OP-18", "Supervision held", (HELD_OF_DUE,)),
    Item("OP-19", "Staff briefed about the scheme", (STAFF_BRIEFED,)),
    Item("OP-20", "Protected time", PROTECTED_TIME),
    Item("OP-21", "Turnover of buddies", (TURNOVER, *LEAVERS, MONTHS_IN_ROLE)),
    Item("OP-22", "Boundary reports", (BOUNDARY_REPORTS,)),
    Item("OP-23", "Safeguarding concerns", CONCERNS),
    Item("OP-24", "Falls", FALLS),
    Item("OP-25", "Compared with the prison", COMPARED_WITH_PRISON),
    Item("OP-26", "Complaints and compliments", COMPLAINTS),
    Item("OP-27", "Moves with a care record", (PACKS_IN_TIME,)),
    Item("OP-28", "Releases with a handover", (HANDED_OVER,)),
    Item("OP-29", "Reviews on time", (REVIEWS_IN_TIME,)),
    Item("OP-30", "Records complete", COMPLETE),
    Item("OP-31", "Agreement between prison and council", (AGREEMENT,)),
    Item("OP-32", "Informal help", (INFORMAL_HELP,)),
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
    Item("OU-08", "Skills of buddies", (MODULES_PASSED,)),
    Item("OU-09", "Conduct of buddies", CONDUCT),
    Item("OU-10", "Experience", outcomes.EXPERIENCE),
    Item("OU-11", "Staff time released", (outcomes.STAFF_TIME,)),
    Item("OU-12", "Harm to people who are helped", HARM),
    Item("OU-13", "Unmet need at a review", (UNMET_AT_REVIEW,)),
    Item("OU-14", "Reoffending", (outcomes.REOFFENDING,)),
    Item("OU-15", "Work after release", (outcomes.EMPLOYMENT,)),
    Item("OU-16", "Hospital and bed watch", (outcomes.HOSPITAL,)),
    Item("BS-01", "Days of unmet personal care", (UNMET_PERSON_DAYS,)),
    Item("BS-02", "Working by approval", (MATCHES_BY_APPROVAL, TAKEN_OVER)),
    Item("BS-03", "Concerns acted on in time", (ACTED_IN_TIME,)),
)
MEASURES: tuple[Measure, ...] = tuple(measure for item in ITEMS for measure in item.measures)
BY_CODE: dict[str, Measure] = {measure.code: measure for measure in MEASURES}
COMPUTED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.computed)
# What a release holds: whatever there is a rule for (record 35).
RELEASED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure.told is not Told.NOT)

_LONGER = {Every.MONTH: 0, Every.QUARTER: 1, Every.YEAR: 2}


def computed_for(every: Every) -> tuple[Measure, ...]:
    """What is worked out for a month, a quarter or a year: a yearly figure has no month."""
    return tuple(measure for measure in COMPUTED if _LONGER[measure.every] <= _LONGER[every])
