"""Questions about how people are: at most five inputs, an answer may be left out."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, MultipleChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.models import Outcome
from monitoring.outcomes import LICENSED, SWITCHED, Instrument, Point

WELSH = "cy"
# The empty choice of a radio is the person: nothing has to be selected for the usual case.
THE_PERSON = "PERSON"
PROXIES = [(THE_PERSON, "The person"), *((value, label) for value, label in Outcome.Proxy.choices if value)]


class OutcomeForm(GovukForm):
    """One field for each question, read out in English or Welsh, then the day and who answered."""

    submit_label = "Save these answers"
    versioned = True

    def __init__(self, *args: Any, instrument: Instrument, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for question in instrument.questions:
            self.fields[f"answer_{question.code}"] = ChoiceField(
                label=getattr(question, language),
                choices=[
                    Choice(value=str(answer.value), text=getattr(answer, language)) for answer in question.answers
                ],
                required=False,
                mark_optional=False,
                nothing_chosen=None,
            )
        self.fields["asked_on"] = DayField(label="When were they asked?")
        self.fields["proxy"] = ChoiceField(
            label="Who answered?", choices=PROXIES, initial=THE_PERSON, missing="Select who answered"
        )

    @property
    def answers(self) -> dict[str, int]:
        """Values by the question's code, without those that were left out."""
        return {
            question.code: int(self.cleaned_data[f"answer_{question.code}"])
            for question in self.instrument.questions
            if self.cleaned_data.get(f"answer_{question.code}")
        }

    @property
    def proxy(self) -> str:
        """As it is stored: empty for the person."""
        said = self.cleaned_data["proxy"]
        return "" if said == THE_PERSON else str(said)


class StaffAnswerForm(OutcomeForm):
    """What one member of staff said: no name is kept."""

    versioned = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["proxy"]


class ScoreForm(GovukForm):
    """A score of an instrument whose questions are not held here."""

    submit_label = "Save this score"

    licensed = ChoiceField(label="Instrument", choices=LICENSED, select=True, missing="Select the instrument")
    score = WordsField(label="Score", max_length=8, missing="Enter the score that it came to")
    point = ChoiceField(
        label="When is this?", choices=[(point.value, point.words) for point in Point], missing="Select when this is"
    )
    asked_on = DayField(label="Day")
    licence = WordsField(
        label="Reference of the licence", hint="Its edition too, if there is more than one", max_length=80,
        missing="Enter the reference of the licence",
    )  # fmt: skip

    @property
    def number(self) -> Decimal | None:
        """The score as a number, or None where it is none."""
        try:
            return Decimal(str(self.cleaned_data["score"]).replace("−", "-"))
        except InvalidOperation:
            return None


class OutcomeSettingsForm(GovukForm):
    """Which further questions the scheme asks."""

    versioned = True

    switched_on = MultipleChoiceField(
        label="Which further questions does the scheme ask?",
        hint="Three questions each for the person who is helped and for the buddy are always asked.",
        choices=[Choice(value=each.code, text=each.title, hint=each.source) for each in SWITCHED],
        required=False,
        mark_optional=False,
    )
