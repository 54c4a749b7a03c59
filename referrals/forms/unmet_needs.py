"""Questions about unmet personal care. Its days are counted, never asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import UnmetNeedPut
from schemes.models import TaskKind

NOBODY = "nobody"


class NeedForm(GovukForm):
    """Who, what, since when. The number is not asked where the person is known."""

    submit_label = "Record the need"

    prison_number = PrisonNumberField()
    task = ChoiceField(
        label="What does the person need and not get?", select=True, missing="Select what the person needs"
    )
    known_on = DayField(label="Date on which it became known", missing="Enter the date on which it became known")

    def __init__(self, *args: Any, tasks: Iterable[TaskKind], today: date, known_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known_person:
            del self.fields["prison_number"]
        self.fields["task"].offer([(task.code, task.name) for task in tasks])
        self.fields["known_on"].latest = today


class PutForm(GovukForm):
    """Whom it was put to, when, and what they said; or a letter, which is dated today."""

    versioned = True

    to = ChoiceField(label="Whom was it put to?", choices=UnmetNeedPut.To.choices, missing="Select whom it was put to")
    department = WordsField(
        label="Which department?",
        hint="Only for another department of the prison, for example residence or safer custody.",
        max_length=60,
        required=False,
    )
    put_on = DayField(label="Date", missing="Enter the date on which it was put to them")
    said = WordsField(label="What did they say?", max_length=500, lines=3, required=False)

    def __init__(self, *args: Any, known_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["put_on"].earliest, self.fields["put_on"].latest = known_on, today


class LetterForm(GovukForm):
    """To whom a letter goes."""

    versioned = True
    submit_label = "Print the letter"

    to = ChoiceField(
        label="To whom does the letter go?", choices=UnmetNeedPut.To.choices, missing="Select to whom the letter goes"
    )
    department = WordsField(
        label="Which department?",
        hint="Only for another department of the prison, for example residence or safer custody.",
        max_length=60,
        required=False,
    )


class SaidForm(GovukForm):
    """What they said, and when."""

    answered_on = DayField(label="Date of the answer", missing="Enter the date of the answer")
    said = WordsField(label="What did they say?", max_length=500, lines=3, missing="Enter what they said")

    def __init__(self, *args: Any, put_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answered_on"].earliest, self.fields["answered_on"].latest = put_on, today


class MetForm(GovukForm):
    """When and how the need was met."""

    submit_label = "Record that the need is met"
    versioned = True

    met_on = DayField(label="Date from which the need is met", missing="Enter the date from which the need is met")
    met_how = WordsField(label="How is it met?", max_length=500, lines=3, missing="Enter how the need is met now")

    def __init__(self, *args: Any, known_on: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["met_on"].earliest, self.fields["met_on"].latest = known_on, today


class NeedFilter(FilterForm):
    """Which needs to show."""

    state = ChoiceField(
        label="State",
        select=True,
        choices=[
            ("open", "Not met"),
            (NOBODY, "Not met and put to nobody yet"),
            ("met", "Met"),
            ("left", "Person left"),
        ],
    )
    put_to = ChoiceField(label="Last put to", select=True, choices=UnmetNeedPut.To.choices)
