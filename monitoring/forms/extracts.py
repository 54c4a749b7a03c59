"""Asking for an extract, and deciding about one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.fields import Choice, ChoiceField, MultipleChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm

APPROVE, REFUSE = "APPROVE", "REFUSE"


class AskExtractForm(GovukForm):
    """Who receives it, for what, under which references, of which quarters and prisons."""

    submit_label = "Ask for this extract"

    recipient = WordsField(
        label="Who receives it?",
        hint="The organisation and the named evaluators",
        max_length=160,
        missing="Enter who receives the extract",
    )
    purpose = WordsField(
        label="What is the evaluation to find out?",
        max_length=400,
        lines=3,
        missing="Enter what the evaluation is to find out",
    )
    ethics_reference = WordsField(
        label="Reference of the ethics or research committee",
        max_length=80,
        missing="Enter the reference of the ethics or research committee",
    )
    agreement = WordsField(
        label="Reference of the data sharing agreement",
        max_length=80,
        missing="Enter the reference of the data sharing agreement",
    )
    first = ChoiceField(
        label="First quarter", hint="Spells of help that began in it or later", select=True,
        missing="Select the first quarter",
    )  # fmt: skip
    last = ChoiceField(
        label="Last quarter", hint="What happened until its last day", select=True, missing="Select the last quarter"
    )
    prisons = MultipleChoiceField(label="Prisons", hint="Tick none for all that use the service", required=False)

    def __init__(self, *args: Any, quarters: Iterable[Quarter], prisons: Iterable[Prison], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(quarter.code, str(quarter)) for quarter in quarters]
        self.fields["first"].offer(offered)
        self.fields["last"].offer(offered)
        self.fields["prisons"].offer([(prison.code, prison.name) for prison in prisons])


class DecideExtractForm(GovukForm):
    """The data protection officer decides."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="Do you approve?",
        choices=[
            Choice(value=APPROVE, text="Approve", hint="The extract is built, and kept only if it is safe"),
            Choice(value=REFUSE, text="Refuse", hint="Nothing is read. Say why below"),
        ],
        missing="Select whether you approve",
    )
    reason = WordsField(
        label="Reason", hint="Needed when you refuse.", max_length=300, lines=3, required=False, mark_optional=False
    )
