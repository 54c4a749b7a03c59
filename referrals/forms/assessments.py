"""The council's or healthcare's answer: three dates, a decision and words."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import AssessmentRequest
from referrals.rules.assessments import DECISIONS

CHASE = "chase"


class AnswerForm(GovukForm):
    """Everything may be filled in as it happens; a decision has its date."""

    submit_label = "Save the answer"
    versioned = True

    acknowledged_on = DayField(label="Date you received it", required=False)
    visited_on = DayField(label="Date you saw the person", required=False)
    decided_on = DayField(label="Date of the decision", required=False)
    decision = ChoiceField(label="Decision", required=False, select=True, nothing_chosen="No decision yet")
    answer = WordsField(
        label="What should the prison know?",
        hint="For example, what happens next and when. Leave out medical details.",
        max_length=500,
        lines=3,
        required=False,
    )

    def __init__(self, *args: Any, body: str, asked_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("acknowledged_on", "visited_on", "decided_on"):
            self.fields[name].earliest, self.fields[name].latest = asked_on, today
        self.fields["decision"].offer([(decision.value, decision.label) for decision in DECISIONS[body]])


class PlanReceivedForm(GovukForm):
    """When the council's plan came."""

    versioned = True
    heading_in_first_field = True

    plan_received_on = DayField(
        label="On which date did the council’s plan come?", missing="Enter the date on which the council’s plan came"
    )

    def __init__(self, *args: Any, decided_on: date | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan_received_on"].latest = today
        if decided_on is not None:
            self.fields["plan_received_on"].earliest = decided_on


class AssessmentFilter(FilterForm):
    """Which requests to show."""

    body = ChoiceField(label="Put to", select=True, choices=AssessmentRequest.Body.choices)
    state = ChoiceField(
        label="Answer",
        select=True,
        choices=[
            ("open", "Waiting for a decision"),
            (CHASE, "Over its limit, to chase"),
            ("decided", "Decided"),
            ("closed", "Closed without a decision"),
        ],
    )
