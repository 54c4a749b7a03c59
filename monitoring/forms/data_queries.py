"""Queries about figures: which to show, answering, closing, and asking a prison."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import Month, Quarter
from buddyscheme.lib.fields import Choice, ChoiceField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from monitoring.models import DataQuery

TO_ANSWER, OPEN, CLOSED = "to-answer", "open", "closed"
How = DataQuery.How


class QueryFilter(FilterForm):
    """Which queries to show."""

    show = ChoiceField(
        label="Show", select=True, choices=[(TO_ANSWER, "To answer"), (OPEN, "Open"), (CLOSED, "Closed")]
    )


class AnswerForm(GovukForm):
    """One box."""

    submit_label = "Save the answer"

    words = WordsField(
        label="What is your answer?", max_length=500, lines=4, missing="Enter your answer",
        hint="Say what you found out about the figure. Name nobody, and write no prison numbers.",
    )  # fmt: skip


class CloseQueryForm(GovukForm):
    """How it was settled."""

    submit_label = "Close this query"

    how = ChoiceField(
        label="How was it settled?",
        choices=[
            Choice(value=How.MENDED.value, text="Mended", hint="The records were wrong or missing, and are right now."),
            Choice(value=How.EXPLAINED.value, text="Explained", hint="The figure is right, and the answer says why."),
        ],
        missing="Select how it was settled",
    )


class AskPrisonForm(GovukForm):
    """A question of the national lead."""

    submit_label = "Ask this prison"

    prison = ChoiceField(label="Which prison?", select=True, missing="Select the prison")
    period = ChoiceField(label="About which period?", select=True, missing="Select the period")
    measure = ChoiceField(label="About which figure?", select=True, required=False, nothing_chosen="All of them")
    words = WordsField(
        label="What do you ask?", max_length=300, lines=3, missing="Enter what you ask",
        hint="Write about the figures. Name nobody, and write no prison numbers.",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        prisons: list[tuple[str, str]],
        periods: list[Month | Quarter],
        measures: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prison"].offer(prisons)
        self.fields["period"].offer([(period.code, str(period)) for period in periods])
        self.fields["measure"].offer(measures)
