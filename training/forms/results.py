"""A class on one page, and the board's filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, day_in_words
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Buddy
from training.models import ModuleResult
from training.queries.board import BOARD_WORDS
from training.queries.take_overs import TakeOverList
from training.rules.results import HELD, Mark, State

NO_POST = "NONE"
NOT_THERE = "NOT_THERE"
PASSED = Choice(value=ModuleResult.Part.PASSED, text="Passed")
NOT_YET = Choice(value=ModuleResult.Part.NOT_YET, text="Not yet")
WAS_NOT_THERE = Choice(value=NOT_THERE, text="Was not there")


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


class MarksForm(GovukForm):
    """An answer for everybody on the list; whoever was not there gets no result.

    Where the module has a practical part, each line has a second question. `held` gives the day of a knowledge
    part that was passed before, by buddy.
    """

    submit_label = "Save the class"

    def __init__(
        self,
        *args: Any,
        listed: Sequence[tuple[Buddy, State]],
        practical: bool = False,
        held: Mapping[int, date] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.practical = practical
        self.listed = {_name(buddy): buddy for buddy, _ in listed}
        for buddy, state in listed:
            self.fields[_name(buddy)] = self._first(buddy, state, (held or {}).get(buddy.pk))
            if practical:
                self.fields[_practical(buddy)] = ChoiceField(
                    label=f"{buddy.person.list_name}: practical part", choices=[PASSED, NOT_YET], inline=True,
                    required=False, mark_optional=False,
                )  # fmt: skip

    def _first(self, buddy: Buddy, state: State, held_on: date | None) -> ChoiceField:
        wing = getattr(buddy, "wing_name", None) or "not here now"
        before = [Choice(value=HELD, text=f"Passed on {day_in_words(held_on)}")] if held_on else []
        number = buddy.person.prison_number
        return ChoiceField(
            label=f"{buddy.person.list_name}, {number}{': knowledge' if self.practical else ''}",
            hint=f"{wing}. {state.value}",
            choices=[*before, PASSED, NOT_YET, WAS_NOT_THERE],
            initial=NOT_THERE,
            inline=True,
            missing=f"Select what {buddy.person.full_name} achieved",
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, buddy in self.listed.items():
            if self.practical and cleaned.get(name) not in (None, NOT_THERE) and not cleaned.get(_practical(buddy)):
                self.add_error(_practical(buddy), f"Select whether {buddy.person.full_name} passed the practical part")
        return cleaned

    @property
    def marks(self) -> list[Mark]:
        """What everybody on the page achieved, those who were not there among them."""
        return [
            Mark(buddy=buddy, there=False)
            if self.cleaned_data[name] == NOT_THERE
            else Mark(
                buddy=buddy,
                knowledge=self.cleaned_data[name],
                practical=self.cleaned_data[_practical(buddy)] if self.practical else "",
            )
            for name, buddy in self.listed.items()
        ]

    def everybody_passed(self) -> dict[str, str]:
        """First values for a page on which everybody has passed every part."""
        names = [*self.listed, *(_practical(buddy) for buddy in self.listed.values() if self.practical)]
        held = {name for name in self.listed if HELD in dict(self.fields[name].choices)}
        return {name: HELD if name in held else ModuleResult.Part.PASSED for name in names}


class ClassForm(MarksForm):
    """One module, one day, and everybody who was there."""

    assessed_on = DayField(label="Date of the class")


def _name(buddy: Buddy) -> str:
    return f"outcome-{buddy.token}"


def _practical(buddy: Buddy) -> str:
    return f"practical-{buddy.token}"


def first_values(marks: Sequence[Mark]) -> dict[str, str]:
    """First values of a page from what was recorded before."""
    values = {_name(mark.buddy): mark.knowledge if mark.there else NOT_THERE for mark in marks}
    return {**values, **{_practical(mark.buddy): mark.practical for mark in marks}}


class AppointForm(GovukForm):
    """The day on which a buddy starts, and the post, where there is one with a free place."""

    submit_label = "Start as a buddy"

    started_on = DayField(label="Date of starting")
    post = ChoiceField(label="Which post?", select=True, missing="Select a post, or “No post”")

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if posts:
            self.fields["post"].offer([*posts, (NO_POST, "No post")])
        else:
            del self.fields["post"]
