"""Questions about interview criteria and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField, YesNoField
from buddyscheme.lib.forms import GovukForm
from schemes.rules.interviews import SCORE_WORDS


class CriteriaForm(GovukForm):
    """What applicants are asked to show, and whether two people score it apart."""

    versioned = True

    criteria = WordsField(
        label="What should an applicant show?",
        hint="One criterion on each line, at most ten.",
        max_length=1600,
        lines=8,
        missing="Enter at least one criterion",
    )
    two_scores = YesNoField(
        label="Do two members of staff score it apart?",
        yes_hint="Each gives scores before seeing the other’s. Then both agree a result.",
        no_hint="One agreed result is recorded.",
    )


class ScoreForm(GovukForm):
    """One's own scores: a question for each criterion."""

    submit_label = "Give my scores"

    held_on = DayField(label="Date of the interview")
    reasons = WordsField(label="Why these scores?", max_length=1500, lines=4, required=False)

    def __init__(self, *args: Any, criteria: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        choices = [Choice(value=str(score), text=f"{score} – {words}") for score, words in SCORE_WORDS.items()]
        last = self.fields.pop("reasons")
        for place, words in enumerate(self.criteria):
            field = ChoiceField(label=words, choices=choices, missing=f"Select a score for “{words}”")
            self.fields[f"score_{place}"] = field
        self.fields["reasons"] = last

    @property
    def scores(self) -> list[int]:
        """In the order of the criteria."""
        return [int(self.cleaned_data[f"score_{place}"]) for place in range(len(self.criteria))]
