"""Questions about an override. There is none about clearance or keep-apart: nobody overrides those."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from training.rules.overrides import LONGEST

WAITING, RUNNING, ENDED, REFUSED = "waiting", "running", "ended", "refused"


class OverrideFilter(FilterForm):
    """The list of overrides by where they stand."""

    state = ChoiceField(
        label="State",
        select=True,
        choices=[(WAITING, "To be decided"), (RUNNING, "Running"), (ENDED, "Ended"), (REFUSED, "Refused")],
    )


class AskForm(GovukForm):
    """One missing thing, why, and until when."""

    submit_label = "Ask for approval"

    what = ChoiceField(label="What may be missing for a time?", missing="Select what may be missing")
    ends_on = DayField(label="Last day of the override", hint="90 days from today at most")
    reason = WordsField(
        label="Why should the buddy go on without it?", max_length=300, lines=3,
        missing="Enter why the buddy should go on without it",
    )  # fmt: skip

    def __init__(self, *args: Any, missing: Iterable[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].offer([Choice(value=code, text=words) for code, words in missing])
        self.fields["ends_on"].latest = today + LONGEST


class DecideForm(GovukForm):
    """The governor's delegate decides."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="Do you approve?",
        choices=[
            Choice(value="APPROVE", text="Approve", hint="New matches and tasks are possible until the last day"),
            Choice(value="REFUSE", text="Refuse", hint="Say why below"),
        ],
        missing="Select whether you approve",
    )
    reason = WordsField(
        label="Reason", hint="Needed when you refuse.", max_length=300, lines=3, required=False, mark_optional=False
    )
