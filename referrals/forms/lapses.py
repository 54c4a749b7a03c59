"""The decision about a match whose buddy lacks a module or the compact."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import LapseDecision
from referrals.rules.lapses import LONGEST

C = LapseDecision.Choice
DECIDE = "decide"


class LapseForm(GovukForm):
    """Keep until a day, look for another buddy by a day, or staff."""

    submit_label = "Save the decision"

    choice = ChoiceField(
        label="What should happen?",
        choices=[
            Choice(value=C.KEEP, text=C.KEEP.label, hint="Help goes on until the day below; then you are asked again"),
            Choice(value=C.REPLACE, text=C.REPLACE.label, hint="Help goes on meanwhile; you choose somebody next"),
            Choice(value=C.STAFF, text=C.STAFF.label, hint="From today, for the tasks that need what has lapsed"),
        ],
        missing="Select what should happen",
    )
    until = DayField(
        label="Last day for which the buddy goes on", hint="Leave it empty if staff take over", required=False,
        mark_optional=False,
    )  # fmt: skip
    reason = WordsField(label="Reason", max_length=300, lines=3, missing="Enter the reason for your decision")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = self.fields["until"]
        until.earliest, until.latest = today, today + LONGEST


class LapseFilter(FilterForm):
    """Which flagged matches to list."""

    state = ChoiceField(label="State", select=True, choices=[(DECIDE, "To be decided"), ("decided", "Decided")])
