"""Three questions about one clearance, answered by its department or copied from its paper."""

from __future__ import annotations

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm

ANSWERS = [Choice(value="CLEARED", text="Cleared"), Choice(value="REFUSED", text="Not cleared")]
RUNS_OUT = "Needed when the person is cleared. For example, 27 3 2027"


class SignForm(GovukForm):
    """A department signs today, in its own name."""

    submit_label = "Sign"

    decision = ChoiceField(label="Is this person cleared to be a buddy?", choices=ANSWERS)
    expires_on = DayField(label="Runs out on", hint=RUNS_OUT, required=False, mark_optional=False)
    note = WordsField(
        label="Note for your own department",
        hint="Nobody outside your department sees it.",
        max_length=1000,
        lines=3,
        required=False,
    )


class PaperForm(GovukForm):
    """The lead copies what a department without an account has decided."""

    submit_label = "Enter the decision"

    decision = ChoiceField(label="What did the department decide?", choices=ANSWERS)
    decided_on = DayField(label="Date on the e-mail or paper")
    expires_on = DayField(label="Runs out on", hint=RUNS_OUT, required=False, mark_optional=False)
