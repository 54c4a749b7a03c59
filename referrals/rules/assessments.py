"""When the council or healthcare may answer, with which decision and dates."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from referrals.models import AssessmentChase, AssessmentRequest

Body = AssessmentRequest.Body
Decision = AssessmentRequest.Decision
Step = AssessmentChase.Step
# Somebody who was chased is not on the list of those to chase again before so many days.
CHASE_AGAIN_DAYS = 7

# By body and step: the setting of the scheme that says after how many days it is late.
LIMIT_OF: dict[tuple[str, str], str] = {
    (Body.COUNCIL, Step.ACKNOWLEDGE): "council_ack_days",
    (Body.COUNCIL, Step.VISIT): "council_visit_days",
    (Body.COUNCIL, Step.DECIDE): "council_decide_days",
    (Body.COUNCIL, Step.PLAN): "council_plan_days",
    (Body.HEALTHCARE, Step.ACKNOWLEDGE): "health_ack_days",
    (Body.HEALTHCARE, Step.VISIT): "health_visit_days",
    (Body.HEALTHCARE, Step.DECIDE): "health_decide_days",
}

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
    _check_fresh(assessment, version)
    given = {"acknowledged_on": acknowledged_on, "visited_on": visited_on, "decided_on": decided_on}
    if not any(given.values()) and not decision:
        raise NotAllowed("Enter at least one date.", field="acknowledged_on")
    for field, day in given.items():
        if day is not None and day > today:
            raise NotAllowed("This date cannot be in the future.", field=field)
        if day is not None and day < assessment.asked_on:
            asked = day_in_words(assessment.asked_on)
            raise NotAllowed(f"This date cannot be before {asked}, when the request was made.", field=field)
        if day is not None and assessment.closed_on is not None and day > assessment.closed_on:
            closed = day_in_words(assessment.closed_on)
            raise NotAllowed(f"This date cannot be after {closed}, when the request was closed.", field=field)
    if decision and decision not in DECISIONS[assessment.body]:
        raise NotAllowed("Select one of the decisions on the page.", field="decision")
    if decision and decided_on is None:
        raise NotAllowed("Enter the date of the decision.", field="decided_on")
    if decided_on is not None and not decision:
        raise NotAllowed("Select the decision that was made on this date.", field="decision")
    if visited_on is not None and decided_on is not None and decided_on < visited_on:
        raise NotAllowed("The decision cannot be before the visit.", field="decided_on")
    if assessment.plan_received_on is not None and (
        decision != Decision.ELIGIBLE or decided_on is None or decided_on > assessment.plan_received_on
    ):
        received = day_in_words(assessment.plan_received_on)
        raise NotAllowed(
            f"The council’s plan came on {received}, so the decision is “Eligible” and not after that day.",
            field="decision",
        )


def check_can_receive_plan(assessment: AssessmentRequest, *, received_on: date, today: date, version: int) -> None:
    """Only of the council, once it has decided that the person is eligible, on a day since then."""
    _check_fresh(assessment, version)
    if assessment.body != Body.COUNCIL or assessment.decision != Decision.ELIGIBLE or assessment.decided_on is None:
        raise NotAllowed("A plan follows the council’s decision that the person is eligible. Record that first.")
    if received_on > today:
        raise NotAllowed("This date cannot be in the future.", field="plan_received_on")
    if received_on < assessment.decided_on:
        decided = day_in_words(assessment.decided_on)
        raise NotAllowed(f"This date cannot be before {decided}, when the council decided.", field="plan_received_on")


def step_waited_for(assessment: AssessmentRequest) -> AssessmentChase.Step | None:
    """What is to come next: the step after the last one that has a date. None at the end, and once it is closed."""
    if assessment.closed_on is not None:
        return None
    if assessment.decided_on is not None:
        plan_to_come = assessment.decision == Decision.ELIGIBLE and assessment.plan_received_on is None
        return Step.PLAN if plan_to_come and assessment.body == Body.COUNCIL else None
    if assessment.visited_on is not None:
        return Step.DECIDE
    return Step.VISIT if assessment.acknowledged_on is not None else Step.ACKNOWLEDGE


def counted_from(assessment: AssessmentRequest, step: str) -> date:
    """The day from which the days of a step are counted."""
    return assessment.decided_on if step == Step.PLAN and assessment.decided_on else assessment.asked_on


def check_can_chase(assessment: AssessmentRequest, *, chased_today: bool) -> None:
    """While something is waited for, and once a day."""
    if assessment.closed_on is not None:
        raise NotAllowed(f"This request is closed: {assessment.close_reason}. Nobody is waiting for an answer.")
    if step_waited_for(assessment) is None:
        raise NotAllowed("Everything that was asked for has come. There is nothing to chase.")
    if chased_today:
        raise NotAllowed("A letter was printed today. Open it again from the list on this page.")


def _check_fresh(assessment: AssessmentRequest, version: int) -> None:
    if assessment.version != version:
        raise Stale("this request")


can_chase = twin(check_can_chase)


def says_need(assessment: AssessmentRequest) -> bool:
    """Whether the body's decision says that the person needs what was asked about."""
    return assessment.decision in (AssessmentRequest.Decision.ELIGIBLE, AssessmentRequest.Decision.WILL_HELP)
