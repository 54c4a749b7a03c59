"""Training that was passed elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from training.models import Module, PriorLearning


class PriorForm(GovukForm):
    """Module, where and when, what shows it, and what is decided."""

    submit_label = "Save the decision"

    module = ChoiceField(label="Module", select=True, nothing_chosen="Select the module")
    place = WordsField(
        label="Where was it passed?", hint="The prison, or who ran the course", max_length=120,
        missing="Enter where it was passed",
    )  # fmt: skip
    passed_on = DayField(label="Date of passing")
    evidence = WordsField(
        label="What shows it?", hint="For example, certificate seen, or e-mail from the trainer there", max_length=300,
        missing="Enter what shows that it was passed",
    )  # fmt: skip
    evidence_on = DayField(label="Date of the evidence", hint="The day on the certificate or e-mail")
    decision = ChoiceField(
        label="Decision",
        choices=[
            Choice(
                value=PriorLearning.Decision.ACCEPTED,
                text="Accept it",
                hint="It lapses as if it had been passed here on that day. A practical part is always shown here.",
            ),
            Choice(value=PriorLearning.Decision.RETAKE, text="To be taken again"),
        ],
    )
    reason = WordsField(
        label="Why is it to be taken again?", hint="Needed if it is not accepted", max_length=300, required=False,
        mark_optional=False,
    )  # fmt: skip

    def __init__(self, *args: Any, modules: Iterable[Module], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].offer(
            Choice(value=m.code, text=f"{m.title} (practical part to be shown here)" if m.practical else m.title)
            for m in modules
        )
