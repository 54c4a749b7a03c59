"""Questions about declining, telling the person, and appeals."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Refusal
from schemes.rules.refusals import Telling

NOT_YET = "NOT_YET"
TO_TELL, APPEALS = "tell", "appeals"


class RefusalFilter(FilterForm):
    """Refusals by what they still need."""

    show = ChoiceField(
        label="Show", select=True, choices=[(TO_TELL, "To tell the person about"), (APPEALS, "Appeals to decide")]
    )


class TellForm(GovukForm):
    """How, when and by whom the person was told."""

    submit_label = "Record that the person was told"

    told_how = ChoiceField(
        label="How was the person told?", choices=Refusal.Told.choices, missing="Select how the person was told"
    )
    told_on = DayField(label="Date on which the person was told")
    told_who = WordsField(label="Who told the person?", max_length=120, missing="Enter who told the person")

    @property
    def telling(self) -> Telling:
        """The answers as the action takes them."""
        said = self.cleaned_data
        return Telling(how=said["told_how"], on=said["told_on"], who=said["told_who"])


class DeclineForm(GovukForm):
    """Why, and whether the person has been told already."""

    submit_label = "Decline"

    reason = WordsField(
        label="Reason",
        hint="In plain words: the person reads this. Leave out what must stay with security or another department.",
        max_length=500,
        lines=4,
        missing="Enter the reason",
    )
    told_how = ChoiceField(
        label="Has the person been told?",
        choices=[
            Choice(value=NOT_YET, text="Not yet", hint="It stays on your home page until you record it"),
            *[Choice(value=value, text=text) for value, text in Refusal.Told.choices],
        ],
        required=False,
        initial=NOT_YET,
        mark_optional=False,
    )
    told_on = DayField(label="If told: on which date", required=False, mark_optional=False)
    told_who = WordsField(label="If told: by whom", max_length=120, required=False, mark_optional=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("told_how") not in ("", None, NOT_YET):
            if said.get("told_on") is None and "told_on" not in self.errors:
                self.add_error("told_on", "Enter the date on which the person was told")
            if not said.get("told_who") and "told_who" not in self.errors:
                self.add_error("told_who", "Enter who told the person")
        return said

    @property
    def telling(self) -> Telling | None:
        """The answers as the action takes them; None where the person is still to be told."""
        said = self.cleaned_data
        if said["told_how"] in ("", NOT_YET):
            return None
        return Telling(how=said["told_how"], on=said["told_on"], who=said["told_who"])


class AppealForm(GovukForm):
    """The person's appeal."""

    submit_label = "Record the appeal"

    appealed_on = DayField(label="Date of the appeal")
    words = WordsField(
        label="What does the person say?",
        hint="In their own words. You may write it down for them.",
        max_length=1500,
        lines=5,
        missing="Enter what the person says against the refusal",
    )


class AppealDecisionForm(GovukForm):
    """Upheld or dismissed, and why."""

    submit_label = "Decide"

    decision = ChoiceField(
        label="Decision", choices=Refusal.Outcome.choices, missing="Select whether the appeal is upheld or dismissed"
    )
    reason = WordsField(
        label="Reason",
        hint="In plain words: the person is told this.",
        max_length=450,
        lines=4,
        missing="Enter the reason for the decision",
    )
