"""Questions about taking over a buddy who already does the job."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, MultipleChoiceField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import TakeOver


class TakeOverFilter(FilterForm):
    """The list of take-overs by decision."""

    decision = ChoiceField(label="Decision", select=True, choices=TakeOver.Decision.choices)


class TakeOverForm(GovukForm):
    """What is known. There is no question about clearance or keep-apart: neither can be waived."""

    submit_label = "Ask for approval"

    prison_number = PrisonNumberField()
    in_role_since = DayField(
        label="Since when has the person done the job?",
        hint="As near as you know. For example, 27 3 2025",
        missing="Enter the date since when the person has done the job",
    )
    lacks = MultipleChoiceField(
        label="What is still missing?",
        hint="Select all that apply. Leave it empty if the compact is signed and the modules are passed.",
        required=False,
        mark_optional=False,
        choices=[
            Choice(value="COMPACT", text="The signed compact"),
            Choice(value="MODULES", text="Training modules"),
        ],
    )
    good_by = DayField(
        label="By when will it be made good?",
        hint="180 days from today at most",
        missing="Enter the date by which it will be made good",
    )
    reason = WordsField(
        label="Why should the person go on without a break?", max_length=300, lines=3, missing="Enter the reason"
    )


class DecideForm(GovukForm):
    """The governor's delegate decides."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="Do you approve?",
        choices=[
            Choice(value="APPROVE", text="Approve", hint="The person starts once every department has cleared them"),
            Choice(value="REFUSE", text="Refuse", hint="The record is closed. Say why below"),
        ],
        missing="Select whether you approve",
    )
    reason = WordsField(
        label="Reason", hint="Needed when you refuse.", max_length=300, lines=3, required=False, mark_optional=False
    )


class DecideBatchForm(GovukForm):
    """One decision about everybody on a list: all are approved but for those who are ticked."""

    submit_label = "Approve all but those ticked"

    refused = MultipleChoiceField(
        label="Whom do you refuse?",
        hint="Tick nobody to approve everybody. The record of whoever is ticked is closed.",
        required=False,
        mark_optional=False,
    )
    reason = WordsField(
        label="Reason for refusing", hint="Needed when you refuse somebody.", max_length=300, lines=3, required=False,
        mark_optional=False,
    )  # fmt: skip

    def __init__(self, *args: Any, waiting: Iterable[TakeOver], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refused"].offer(
            Choice(value=each.token, text=each.buddy.person.list_name, hint=each.buddy.person.prison_number)
            for each in waiting
        )
