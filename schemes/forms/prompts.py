"""Questions about one screening prompt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.departments import department_name
from buddyscheme.lib.fields import MultipleChoiceField, WordsField, YesNoField
from buddyscheme.lib.forms import GovukForm


class AddPromptForm(GovukForm):
    """A prompt of one's own prison."""

    submit_label = "Add the prompt"

    words = WordsField(
        label="What should the department look at?",
        max_length=200,
        lines=2,
        missing="Enter what the department should look at",
    )
    alert_codes = WordsField(
        label="Alert codes", hint="With a space between, for example XVL XSA", max_length=200, required=False
    )
    meaning = WordsField(
        label="What may it mean?", hint="A prompt is never a verdict.", max_length=250, lines=3, required=False
    )
    departments = MultipleChoiceField(
        label="Which departments see it?", missing="Select at least one department that sees it"
    )

    def __init__(self, *args: Any, departments: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].offer([(code, department_name(code)) for code in departments])


class PromptForm(AddPromptForm):
    """A prompt as it is shown at one's own prison."""

    versioned = True
    submit_label = "Save"

    active = YesNoField(label="Is it shown here?", no_hint="The departments of this prison do not see it.")


class NationalWordsForm(GovukForm):
    """No question."""

    versioned = True
    submit_label = "Use the national words again"
