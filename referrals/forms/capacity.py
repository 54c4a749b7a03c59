"""A decision in the best interests of somebody who cannot decide. Nothing is ticked before the assessor ticks it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, MultipleChoiceField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import CapacityRecord
from referrals.rules.capacity import LONGEST_REVIEW, Assessment

USUAL_DECISION = "Whether to have help from a buddy"
TO_REVIEW = "review"


class CapacityForm(GovukForm):
    """Who assessed, what the person cannot do, what was decided and why, who was asked, and when it is looked at again.

    `asks_words`: at the first time, what the person said or showed is asked too.
    """

    submit_label = "Save the decision"

    own_words = WordsField(
        label="What did the person say or show?",
        hint="As they said or showed it. It stands first in the plan.",
        max_length=1000,
        lines=3,
        missing="Enter what the person said or showed",
    )
    decision = WordsField(
        label="Which decision can the person not make?",
        max_length=200,
        missing="Enter which decision the person cannot make",
    )
    assessed_by_name = WordsField(
        label="Who assessed the person?", max_length=80, missing="Enter the name of whoever assessed the person"
    )
    assessed_by_role = WordsField(
        label="What is their role?",
        hint="For example, social worker, nurse or psychiatrist.",
        max_length=80,
        missing="Enter the role of whoever assessed the person",
    )
    assessed_on = DayField(label="Date of the assessment", missing="Enter the date of the assessment")
    cannot = MultipleChoiceField(
        label="What can the person not do, also with help?",
        choices=CapacityRecord.Cannot.choices,
        missing="Select what the person cannot do",
    )
    best_interests = WordsField(
        label="What was decided in the person’s best interests, and why?",
        max_length=1000,
        lines=4,
        missing="Enter what was decided in the person’s best interests, and why",
    )
    share = YesNoField(
        label="Is sharing the plan with the council and healthcare part of this decision?",
        missing="Select whether sharing the plan is part of this decision",
    )
    consulted = WordsField(
        label="Who was consulted?",
        hint="One person on a line, with what they are to the person: “Jean Carter, daughter”. If nobody could be "
        "consulted, say so and why.",
        max_length=600,
        lines=3,
        missing="Enter who was consulted, or that nobody could be and why",
    )
    advocate = ChoiceField(
        label="Does an advocate take part?",
        choices=CapacityRecord.Advocate.choices,
        missing="Select whether an advocate takes part",
    )
    advocate_words = WordsField(
        label="The advocate’s name, or why none is needed", max_length=200, required=False, mark_optional=False
    )
    objects = YesNoField(
        label="Did the person show that they do not want this?",
        yes_hint="The objection is recorded, and no help is given on this decision.",
        missing="Select whether the person showed that they do not want this",
    )
    review_on = DayField(
        label="Date of the review", hint="Within three months.", missing="Enter the date of the review"
    )

    def __init__(self, *args: Any, today: date, asks_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_words:
            del self.fields["own_words"]
        self.fields["assessed_on"].earliest = today - LONGEST_REVIEW + timedelta(days=1)
        self.fields["assessed_on"].latest = today
        self.fields["review_on"].earliest = today + timedelta(days=1)
        self.fields["review_on"].latest = today + LONGEST_REVIEW

    @property
    def assessment(self) -> Assessment:
        """The answers as the action takes them."""
        answers = {name: value for name, value in self.cleaned_data.items() if name in Assessment.__dataclass_fields__}
        lines = [line.strip()[:120] for line in answers["consulted"].splitlines()]
        return Assessment(**answers | {
            "cannot": tuple(answers["cannot"]),
            "consulted": tuple(line for line in lines if line),
        })  # fmt: skip


class CapacityFilter(FilterForm):
    """Which decisions to show."""

    show = ChoiceField(label="Review", select=True, choices=[(TO_REVIEW, "Due or overdue")])
