"""The words of a measure."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.fields import ChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.measures.definition import Basis, Measure
from monitoring.models.wording import AMENDED


class WordingForm(GovukForm):
    """Six pieces of words and why they change. What is counted stays as it is."""

    submit_label = "Save these words"
    versioned = True

    title = WordsField(label="Title", max_length=120, missing="Enter the title")
    answers = WordsField(label="The question it answers", max_length=200, missing="Enter the question it answers")
    numerator = WordsField(label="What is counted", max_length=500, missing="Enter what is counted", lines=4)
    denominator = WordsField(
        label="Out of what", hint="Empty for a plain number", max_length=400, required=False, mark_optional=False,
        lines=3,
    )  # fmt: skip
    basis = ChoiceField(
        label="How sure it is that the evaluation guide has this item",
        choices=[(each.value, each.value) for each in Basis],
        missing="Select how sure it is",
    )
    expectation = WordsField(
        label="The inspection expectation it speaks to", max_length=200, missing="Enter the expectation", lines=2
    )
    reason = WordsField(label="Why do the words change?", max_length=200, missing="Say why the words change")

    def __init__(self, *args: Any, measure: Measure, amended: int, **kwargs: Any) -> None:
        initial = {name: str(getattr(measure, name)) for name in AMENDED}
        super().__init__(*args, initial={**initial, "version": amended}, **kwargs)

    @property
    def words(self) -> dict[str, str]:
        """What the action takes."""
        return {name: str(self.cleaned_data[name]) for name in AMENDED}
