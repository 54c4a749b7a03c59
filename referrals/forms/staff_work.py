"""Marking a visit as work that staff or carers should do."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm
from referrals.models import StaffWorkMark


class StaffWorkForm(GovukForm):
    """Whose work it was, and what."""

    submit_label = "Mark this visit"

    whose = ChoiceField(
        label="Whose work was it?", choices=StaffWorkMark.Whose.choices, missing="Select whose work it was"
    )
    words = WordsField(
        label="What did the buddy do?", hint="For example, cleaned the servery. Do not name anybody.", max_length=200,
        missing="Enter what the buddy did",
    )  # fmt: skip
