"""A briefing of a wing's staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import ChoiceField, DayField, NumberField, WordsField
from buddyscheme.lib.forms import GovukForm
from training.rules.briefings import MOST_STAFF


class BriefingForm(GovukForm):
    """Where and when, by whom, and how many of how many."""

    wing = ChoiceField(label="Wing", select=True, nothing_chosen="Select the wing")
    held_on = DayField(label="Date")
    led_by = WordsField(label="Who briefed them?", max_length=120, missing="Enter who briefed them")
    staff = NumberField(
        label="How many staff work on the wing?",
        hint="Everybody who is posted there, on any shift.",
        most=MOST_STAFF,
        missing="Enter how many staff work on the wing",
    )
    briefed = NumberField(
        label="How many of them have been briefed this quarter?",
        hint="This briefing and earlier ones of the quarter. Count who was handed the role card.",
        most=MOST_STAFF,
        missing="Enter how many of them have been briefed this quarter",
    )

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.token, wing.name) for wing in wings])
