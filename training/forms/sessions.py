"""Planning a class, choosing who is booked, cancelling, the file, and the list's filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from buddyscheme.accounts.models import User
from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    ClockField,
    DayField,
    FileField,
    MultipleChoiceField,
    NumberField,
    WordsField,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from training.models import Module
from training.queries.sessions import Choosable
from training.rules.sessions import MOST_PLACES

COMING, WEEK, MARK, PAST = "coming", "week", "mark", "past"
SHOWN = {COMING: "To come", WEEK: "This week", MARK: "To mark", PAST: "Held or cancelled"}


class SessionFilter(FilterForm):
    """Which classes."""

    show = ChoiceField(label="Classes", select=True, choices=list(SHOWN.items()))


class WhenForm(GovukForm):
    """When and where a class is, how many can come, and who teaches it."""

    held_on = DayField(label="Day")
    starts_at = ClockField(label="Begins at")
    place = WordsField(label="Place", hint="For example, education block, room 3", max_length=80)
    places = NumberField(
        label="Places", hint="How many people can come", most=MOST_PLACES, missing="Enter how many places the class has"
    )
    trainer = ChoiceField(label="Trainer", select=True, nothing_chosen="Select who teaches it")

    def __init__(self, *args: Any, trainers: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].offer([(str(user.pk), user.name) for user in trainers])


class PlanForm(WhenForm):
    """A new class."""

    submit_label = "Plan the class"

    module = ChoiceField(label="Module", select=True, nothing_chosen="Select the module")
    field_order = ("module", "held_on", "starts_at", "place", "places", "trainer")

    def __init__(self, *args: Any, modules: Iterable[Module], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].offer([(module.code, module.title) for module in modules])


class ChangeForm(WhenForm):
    """A planned class that moves."""

    versioned = True


class BookForm(GovukForm):
    """Who has a place. Those who have one are ticked."""

    versioned = True

    people = MultipleChoiceField(
        label="People",
        hint="Tick everybody who is to come. Taking a tick away gives the place up.",
        required=False,
        mark_optional=False,
    )

    def __init__(self, *args: Any, offered: Sequence[Choosable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_token = {each.buddy.token: each.buddy for each in offered}
        self.fields["people"].offer(
            Choice(value=each.buddy.token, text=each.buddy.person.list_name, hint=_where(each)) for each in offered
        )
        self.fields["people"].initial = [each.buddy.token for each in offered if each.booked]


def _where(each: Choosable) -> str:
    wing = getattr(each.buddy, "wing_name", None) or "not here now"
    return f"{each.buddy.person.prison_number}, {wing}. {each.state.value}"


class CancelForm(GovukForm):
    """Why a class is cancelled."""

    submit_label = "Cancel the class"
    warning = True

    reason = WordsField(
        label="Why is it cancelled?", hint="For example, lock-down, or the trainer is ill", max_length=200,
        missing="Enter why the class is cancelled",
    )  # fmt: skip


class AttendanceFileForm(GovukForm):
    """A file with one line for each person."""

    submit_label = "Check the file"

    file = FileField(label="File of the class", endings=(".csv",), most_megabytes=1)


class AttendanceConfirmForm(GovukForm):
    """No question: what the file said, and what was shown of it, so that what is saved is what was looked at."""

    submit_label = "Save these lines"

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    seen = forms.CharField(widget=forms.HiddenInput)
