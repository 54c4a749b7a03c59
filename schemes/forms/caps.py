"""Questions about how much a buddy may do."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.fields import ChoiceField, NumberField
from buddyscheme.lib.forms import GovukForm
from schemes.rules.caps import Caps


class CapsForm(GovukForm):
    """The caps of the scheme. `most` are the caps that may not be passed."""

    submit_label = "Save the caps"

    capacity = NumberField(label="How many people may one buddy help at a time?", unit="people", width="2")
    hours = NumberField(label="How many hours a week?", unit="hours", width="2")
    days_in_row = NumberField(label="How many days in a row before a day of rest?", unit="days", width="2")

    def __init__(self, *args: Any, most: Caps, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, limit in (
            ("capacity", most.capacity),
            ("hours", most.weekly_minutes // 60),
            ("days_in_row", most.days_in_row),
        ):
            self.fields[name].most = limit
            self.fields[name].help_text = f"At most {limit}"

    @property
    def caps(self) -> Caps:
        """The answers as the actions take them."""
        answers = self.cleaned_data
        return Caps(
            capacity=answers["capacity"], weekly_minutes=answers["hours"] * 60, days_in_row=answers["days_in_row"]
        )


class SchemeCapsForm(CapsForm):
    """With the version of the scheme it was read at."""

    versioned = True


class BuddyCapsForm(CapsForm):
    """One buddy's caps, never above the scheme's, and the day of rest."""

    rest_day = ChoiceField(
        label="On which day does the buddy rest?",
        hint="On that day the second buddy comes, or nobody.",
        select=True,
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        missing="Select the day of rest",
    )
