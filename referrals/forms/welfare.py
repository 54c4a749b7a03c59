"""What somebody who looks after a buddy writes down after a hard event: four answers."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import WelfareCheck

TO_DO, LATE, DONE = "todo", "late", "done"


class WelfareForm(GovukForm):
    """How the buddy is."""

    submit_label = "Save the welfare check"

    spoken_on = DayField(label="Which day did you speak with the buddy?", missing="Enter the day on which you spoke")
    how = ChoiceField(label="How is the buddy?", choices=WelfareCheck.How.choices, missing="Select how the buddy is")
    words = WordsField(
        label="What did the buddy say?", hint="Only what matters for looking after them", max_length=1000, lines=3,
        required=False,
    )  # fmt: skip
    agreed = WordsField(
        label="What was agreed?", hint="For example, fewer hours this week, or a talk with the chaplain",
        max_length=300, missing="Enter what was agreed, or that nothing is needed",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spoken_on"].latest = today


class WelfareFilter(FilterForm):
    """Which welfare checks to list."""

    state = ChoiceField(label="State", select=True, choices=[(TO_DO, "To be done"), (LATE, "Late"), (DONE, "Done")])
