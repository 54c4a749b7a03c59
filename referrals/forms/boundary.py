"""The second person's decision about held words."""

from __future__ import annotations

from buddyscheme.lib.fields import Choice, ChoiceField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import HeldText


class DecideForm(GovukForm):
    """Allow or refuse, and why."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="Do these words describe work that a buddy may do?",
        choices=[
            Choice(value="allow", text="Yes, allow the words", hint="They then stand where they were written for."),
            Choice(value="refuse", text="No, refuse the words", hint="They are not used. The need can be recorded."),
        ],
        missing="Select whether the words are allowed",
    )
    reason = WordsField(label="Why?", max_length=300, lines=3, missing="Enter the reason for your decision")


class HeldTextFilter(FilterForm):
    """Which held words to show."""

    decision = ChoiceField(label="Decision", select=True, choices=HeldText.Decision.choices)
