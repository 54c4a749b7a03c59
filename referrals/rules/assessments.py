"""When the council or healthcare may answer, with which decision and dates."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed, Stale
from referrals.models import AssessmentRequest

Body = AssessmentRequest.Body
Decision = AssessmentRequest.Decision

DECISIONS: dict[str, tuple[AssessmentRequest.Decision, ...]] = {
    Body.COUNCIL: (Decision.ELIGIBLE, Decision.NOT_ELIGIBLE),
    Body.HEALTHCARE: (Decision.WILL_HELP, Decision.NO_ACTION),
}


def check_can_answer(
    assessment: AssessmentRequest,
    *,
    acknowledged_on: date | None,
    visited_on: date | None,
    decided_on: date | None,
    decision: str,
    today: date,
    version: int,
) -> None:
    """At least one date; none before the request or in the future; a decision has its date and a date its decision."""
    if assessment.version != version:
        raise Stale("this request")
    given = {"acknowledged_on": acknowledged_on, "visited_on": visited_on, "decided_on": decided_on}
    if not any(given.values()) and not decision:
        raise NotAllowed("Enter at least one date.", field="acknowledged_on")
    for field, day in given.items():
        if day is not None and day > today:
            raise NotAllowed("This date cannot be in the future.", field=field)
        if day is not None and day < assessment.asked_on:
            asked = f"{assessment.asked_on.day} {assessment.asked_on:%B %Y}"
            raise NotAllowed(f"This date cannot be before {asked}, when the request was made.", field=field)
    if decision and decision not in DECISIONS[assessment.body]:
        raise NotAllowed("Select one of the decisions on the page.", field="decision")
    if decision and decided_on is None:
        raise NotAllowed("Enter the date of the decision.", field="decided_on")
    if decided_on is not None and not decision:
        raise NotAllowed("Select the decision that was made on this date.", field="decision")
    if visited_on is not None and decided_on is not None and decided_on < visited_on:
        raise NotAllowed("The decision cannot be before the visit.", field="decided_on")


def says_need(assessment: AssessmentRequest) -> bool:
    """Whether the body's decision says that the person needs what was asked about."""
    return assessment.decision in (AssessmentRequest.Decision.ELIGIBLE, AssessmentRequest.Decision.WILL_HELP)
