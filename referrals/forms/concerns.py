"""Questions about concerns. Staff raise one with at most four answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from buddyscheme.accounts.models import User
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Concern

KINDS = [
    Choice(value=Concern.Kind.WORRY, text="A worry about somebody"),
    Choice(
        value=Concern.Kind.ASKED_TO_OVERSTEP,
        text="A buddy was asked to do personal care or another prohibited task",
    ),
    Choice(value=Concern.Kind.DID_OVERSTEP, text="A buddy did personal care or another prohibited task"),
    Choice(value=Concern.Kind.EXPLOITATION, text="Debt, gifts or pressure", hint="In either direction"),
    Choice(value=Concern.Kind.FALL, text="A fall"),
    Choice(value=Concern.Kind.ASSAULT, text="An assault", hint="On anybody: follow your local process first"),
    Choice(value=Concern.Kind.SELF_HARM, text="Risk of self-harm", hint="Follow the ACCT process first"),
    Choice(value=Concern.Kind.OTHER, text="Something else"),
]


class ConcernForm(GovukForm):
    """What, about whom, in words, and when. `about` says how the second is asked: number, staff, or known already."""

    submit_label = "Send"

    kind = ChoiceField(label="What is it about?", choices=KINDS, missing="Select what it is about")
    prison_number = PrisonNumberField(
        label="Prison number of the person it is about", hint="Leave it out if you do not know", required=False
    )
    staff = ChoiceField(label="Member of staff it is about", select=True, missing="Select the member of staff")
    words = WordsField(
        label="What happened?", max_length=2000, lines=5, missing="Enter what happened",
        hint="What you saw or heard yourself, and who else was there",
    )  # fmt: skip
    happened_on = DayField(label="Which day did it happen?", missing="Enter the day on which it happened")

    def __init__(self, *args: Any, about: str, today: date, staff: Iterable[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].latest = today  # type: ignore[attr-defined]
        self.fields["happened_on"].initial = today
        if about != "number":
            del self.fields["prison_number"]
        if about == "staff":
            self.fields["staff"].offer([(user.token, user.name) for user in staff])  # type: ignore[attr-defined]
        else:
            del self.fields["staff"]


class ActionForm(GovukForm):
    """What was done."""

    submit_label = "Save what was done"
    versioned = True

    words = WordsField(label="What was done?", max_length=2000, lines=4, missing="Enter what was done")


class NoteAnswerForm(GovukForm):
    """Somebody talked with the writer of a note."""

    submit_label = "Save the answer"
    versioned = True

    talked_on = DayField(label="Which day did you talk with the person?", missing="Enter the day on which you talked")
    words = WordsField(
        label="What was said, and what happens next?", max_length=1000, lines=4, missing="Enter what was said",
        hint="Talk away from the terminal and from other people. Nothing of this is shown at the terminal.",
    )  # fmt: skip


class NoteFilter(FilterForm):
    """Which notes to show."""

    state = ChoiceField(label="State", select=True, choices=[("open", "To be answered"), ("answered", "Answered")])


class ConfirmForm(GovukForm):
    """No question: a button."""


class ConcernFilter(FilterForm):
    """Which concerns to show."""

    status = ChoiceField(label="Status", select=True, choices=Concern.Status.choices)
    kind = ChoiceField(label="Kind", select=True, choices=[(kind.value, kind.text) for kind in KINDS])
