"""What somebody is asked on arriving: two questions in all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, MultipleChoiceField
from buddyscheme.lib.forms import GovukForm
from referrals.forms.referrals import URGENCIES
from referrals.models import ReceptionPrompt

NOTHING, DECLINED = "NOTHING", "DECLINED"


class ReceptionForm(GovukForm):
    """What applies, and how soon help is needed if any of it does."""

    yes = MultipleChoiceField(
        label="What does the person say?",
        hint="Ask in private. Select all that apply.",
        missing="Select what applies, or that nothing does",
    )
    urgency = ChoiceField(
        label="How soon is help needed?",
        hint="Leave it out if nothing above names a need.",
        choices=URGENCIES,
        required=False,
        mark_optional=False,
    )

    def __init__(self, *args: Any, prompts: Iterable[ReceptionPrompt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = {prompt.code for prompt in prompts if prompt.category}
        self.fields["yes"].offer(
            [
                *[Choice(value=prompt.code, text=prompt.words) for prompt in prompts],
                Choice(value=NOTHING, text="None of these", divider_before="or", exclusive=True),
                Choice(value=DECLINED, text="The person did not want to answer", exclusive=True),
            ]
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        said = set(answers.get("yes", []))
        if said & {NOTHING, DECLINED} and len(said) > 1:
            self.add_error("yes", "Select either what applies or one of the last two answers")
        if said & self.needs and not answers.get("urgency") and "urgency" not in self.errors:
            self.add_error("urgency", "Select how soon help is needed")
        return answers

    @property
    def said(self) -> list[str]:
        """The prompts that were answered with yes."""
        return [code for code in self.cleaned_data["yes"] if code not in (NOTHING, DECLINED)]

    @property
    def declined(self) -> bool:
        return DECLINED in self.cleaned_data["yes"]
