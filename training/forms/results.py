"""A class on one page, and the board's filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Buddy
from training.models import ModuleResult
from training.queries.board import BOARD_WORDS
from training.queries.take_overs import TakeOverList
from training.rules.results import State

NOT_THERE = "NOT_THERE"
OUTCOMES = [
    Choice(value=ModuleResult.Outcome.PASSED, text="Passed"),
    Choice(value=ModuleResult.Outcome.NOT_YET, text="Not yet"),
    Choice(value=NOT_THERE, text="Was not there"),
]


# Lists of work that are not one state of the modules: the tiles of the home page open them.
STATE_CHOICES = [
    *BOARD_WORDS.items(),
    (TakeOverList.PAST, "Taken over, past the date"),
    (TakeOverList.SOON, "Taken over, to make good in 28 days"),
]


class BoardFilter(FilterForm):
    """The board by what is needed, and by wing."""

    state = ChoiceField(label="Modules", select=True, choices=STATE_CHOICES)
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer(wings)  # type: ignore[attr-defined]


class ClassForm(GovukForm):
    """One module, one day, and an answer for everybody on the list; whoever was not there gets no result."""

    submit_label = "Save the class"

    assessed_on = DayField(label="Date of the class")

    def __init__(self, *args: Any, listed: Sequence[tuple[Buddy, State]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.listed = {_name(buddy): buddy for buddy, _ in listed}
        for buddy, state in listed:
            wing = getattr(buddy, "wing_name", None) or "not here now"
            field = ChoiceField(
                label=f"{buddy.person.list_name}, {buddy.person.prison_number}",
                hint=f"{wing}. {state.value}",
                choices=OUTCOMES,
                initial=NOT_THERE,
                inline=True,
                missing=f"Select what {buddy.person.full_name} achieved",
            )
            self.fields[_name(buddy)] = field

    @property
    def outcomes(self) -> list[tuple[Buddy, str]]:
        """Buddy and outcome for everybody who was there."""
        answers = ((buddy, self.cleaned_data[name]) for name, buddy in self.listed.items())
        return [(buddy, answer) for buddy, answer in answers if answer != NOT_THERE]


def _name(buddy: Buddy) -> str:
    return f"outcome-{buddy.token}"


class AppointForm(GovukForm):
    """The day on which a buddy starts."""

    submit_label = "Start as a buddy"

    started_on = DayField(label="Date of starting")
