"""Supervision: the list's filter, a one-to-one, a missed one, and a group meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    DayField,
    MultipleChoiceField,
    WordsField,
    YesNoField,
    day_in_words,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Buddy
from training.models import Supervision, SupervisionAction, Theme
from training.queries.supervision import SHOWN


class SupervisionFilter(FilterForm):
    """Which part of the list, and which wing."""

    show = ChoiceField(label="Supervision", select=True, choices=list(SHOWN.items()))
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])


class OneToOneForm(GovukForm):
    """A one-to-one that was held. The person who fills it in held it."""

    held_on = DayField(label="Date")
    themes = MultipleChoiceField(
        label="What was talked about?", choices=Theme.choices, missing="Select what was talked about"
    )
    wellbeing_asked = YesNoField(label="Did you ask how they are, and whether they feel safe?")
    done = MultipleChoiceField(
        label="Agreed before: tick what is done",
        hint="What is not ticked is carried to the next supervision.",
        required=False,
        mark_optional=False,
    )
    actions = WordsField(
        label="What was agreed?",
        hint="One action on each line. Each is due at the next supervision. Name no recipient.",
        max_length=1500,
        lines=4,
        required=False,
    )

    def __init__(self, *args: Any, open_actions: Sequence[SupervisionAction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if open_actions:
            self.fields["done"].offer(
                Choice(value=action.token, text=action.words, hint=f"Due on {day_in_words(action.due_on)}")
                for action in open_actions
            )
        else:
            del self.fields["done"]

    def clean_actions(self) -> list[str]:
        """Lines with words on them, each short enough to be kept."""
        lines = [line.strip() for line in self.cleaned_data["actions"].splitlines() if line.strip()]
        if any(len(line) > LONGEST_ACTION for line in lines):
            self.add_error("actions", f"Shorten each action to {LONGEST_ACTION} characters, one action on each line")
        return lines


LONGEST_ACTION = 300


class MissedForm(GovukForm):
    """A one-to-one that did not take place."""

    held_on = DayField(label="Date", hint="The day on which it was to be, for example 27 3 2026")
    reason = ChoiceField(
        label="Why was it missed?", choices=Supervision.Reason.choices, missing="Select why it was missed"
    )


class GroupForm(GovukForm):
    """One meeting, for everybody who came."""

    held_on = DayField(label="Date")
    themes = MultipleChoiceField(
        label="What was talked about?", choices=Theme.choices, missing="Select what was talked about"
    )
    people = MultipleChoiceField(label="Who came?", hint="Tick everybody who came.", missing="Tick everybody who came")

    def __init__(self, *args: Any, buddies: Iterable[Buddy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].offer(
            Choice(
                value=buddy.token,
                text=buddy.person.list_name,
                hint=f"{buddy.person.prison_number}, {getattr(buddy, 'wing_name', None) or 'not here now'}",
            )
            for buddy in buddies
        )
