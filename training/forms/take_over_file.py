"""Questions about a list of buddies to take over. None of them is about clearance or keep-apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from buddyscheme.lib.fields import DayField, FileField, TickField, WordsField
from buddyscheme.lib.forms import GovukForm
from training.take_over_file import LONGEST_CELL


class TakeOverFileForm(GovukForm):
    """The list, one day by which everybody on it makes good what is missing, and one reason."""

    submit_label = "Check the list"

    file = FileField(label="List of buddies", endings=(".csv", ".xlsx"), most_megabytes=1)
    good_by = DayField(
        label="By when will what is missing be made good?",
        hint="One day for everybody on the list, 180 days from today at most",
        missing="Enter the date by which it will be made good",
    )
    reason = WordsField(
        label="Why should these people go on without a break?", max_length=300, lines=3, missing="Enter the reason"
    )


class MendLineForm(GovukForm):
    """One line as it was typed, to be mended or left out."""

    submit_label = "Save the line"

    left_out = TickField(label="Leave this line out", required=False)

    def __init__(self, *args: Any, headings: Sequence[str], said: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = {f"cell-{place}": name for place, name in enumerate(headings)}
        for key, name in self.headings.items():
            self.fields[key] = WordsField(
                label=name, max_length=LONGEST_CELL, required=False, mark_optional=False, initial=said.get(name, "")
            )
        self.order_fields([*self.headings, "left_out"])

    @property
    def said(self) -> dict[str, str]:
        """What the line says now, by heading."""
        return {name: self.cleaned_data.get(key, "") for key, name in self.headings.items()}


class SaveListForm(GovukForm):
    """Save every good line; lines that are not good are left out only if the person says so."""

    submit_label = "Ask for approval"

    leave_out = TickField(label="Leave out the lines that are not good", required=False)
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, bad: int, good: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if bad:
            self.fields["leave_out"].label = "Leave out the line that is not good" if bad == 1 else (
                f"Leave out the {bad} lines that are not good"
            )  # fmt: skip
        else:
            del self.fields["leave_out"]
        self.submit_label = "Ask for approval of 1 take-over" if good == 1 else f"Ask for approval of {good} take-overs"
