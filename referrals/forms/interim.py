"""Help from today, on one page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import ChoiceField, ChoiceLike, MultipleChoiceField, WordsField, YesNoField
from buddyscheme.lib.forms import GovukForm
from schemes.models import Session, TaskKind


class InterimForm(GovukForm):
    """Own words first; at most three everyday tasks; a buddy of the wing; both have been asked."""

    submit_label = "Start help today"

    own_words = WordsField(
        label="What does the person want, in their own words?",
        hint="Write it as they say it: “I want to eat hot food again.”",
        max_length=1000,
        lines=3,
        missing="Enter what the person said, in their own words",
    )
    tasks = MultipleChoiceField(
        label="What should the buddy do?",
        hint="Select one, two or three. They are done every day, for the usual time.",
        missing="Select one, two or three tasks",
    )
    session = ChoiceField(
        label="In which part of the day?", choices=Session.choices, inline=True, missing="Select the part of the day"
    )
    buddy = ChoiceField(
        label="Which buddy?",
        hint="Buddies of this person’s wing whom nothing stops, the best suited first.",
        select=True,
        missing="Select the buddy",
    )
    person_agrees = YesNoField(
        label="Does the person agree to this help from this buddy?", missing="Select what the person said"
    )
    buddy_agrees = YesNoField(label="Does the buddy agree?", missing="Select what the buddy said")

    def __init__(self, *args: Any, tasks: Iterable[TaskKind], buddies: Iterable[ChoiceLike], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].offer([(task.code, task.name) for task in tasks])
        self.fields["buddy"].offer(buddies)
