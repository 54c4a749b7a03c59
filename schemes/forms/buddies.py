"""Questions about buddies, from the application to leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import ChoiceField, DayField, PrisonNumberField, TickField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Buddy, CompactFormat, Interview

# Lists of work that are not one status: the tiles of the home page open them.
APPLICATIONS, RENEW = "APPLICATIONS", "RENEW"
STATUS_CHOICES = [
    (APPLICATIONS, "Applications to work on"),
    (RENEW, "Clearance to renew"),
    *Buddy.Status.choices,
]


class BuddyFilter(FilterForm):
    """The list of buddies by status and wing."""

    status = ChoiceField(label="Status", select=True, choices=STATUS_CHOICES)
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: list[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])  # type: ignore[attr-defined]


class ApplyForm(GovukForm):
    """An application taken by staff. `posts` are the adverts that run; without any, the question is not asked."""

    submit_label = "Record the application"

    prison_number = PrisonNumberField()
    post = ChoiceField(label="Which post do they answer?", select=True, required=False, nothing_chosen="No post")
    applied_on = DayField(label="Date of the application")
    statement = WordsField(
        label="Why does the person want to be a buddy?",
        hint="In their own words. You may write it down for them.",
        max_length=1500,
        lines=5,
        missing="Enter why the person wants to be a buddy",
    )
    needed_help = YesNoField(label="Did the person need help to apply?")
    adjustments = WordsField(
        label="What would make the interview and the training easier?",
        hint="For example, large print, or more time.",
        max_length=500,
        lines=2,
        required=False,
    )
    # The number about which the reader has been warned: pressing again is the answer.
    warned = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, posts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if posts:
            self.fields["post"].offer(posts)
        else:
            del self.fields["post"]

    def warn(self, sentence: str, *, about: str) -> None:
        """Show the sentence with everything typed kept; the next press about the same number goes on."""
        self.refuse(sentence, field="prison_number")
        self.data = {**self.data.dict(), "warned": about} if isinstance(self.data, QueryDict) else self.data


class InterviewForm(GovukForm):
    """One interview with its agreed result."""

    submit_label = "Record the interview"

    held_on = DayField(label="Date of the interview")
    panel = WordsField(label="Who held it", max_length=200, missing="Enter who held the interview")
    result = ChoiceField(label="Agreed result", choices=Interview.Result.choices)
    adjustments_made = WordsField(
        label="What was done to make it easier?",
        hint="For example, questions in writing, or a break.",
        max_length=500,
        lines=2,
        required=False,
    )
    notes = WordsField(label="Notes", max_length=2000, lines=4, required=False)


class CompactForm(GovukForm):
    """A signature on paper. Who records it is the witness."""

    submit_label = "Record the signature"

    signed_on = DayField(label="Date of signing")
    format = ChoiceField(label="Which words did they read and sign?", choices=CompactFormat.choices)
    read_aloud = YesNoField(label="Was the compact read aloud?")
    witnessed = TickField(
        label="I saw the person sign, and the signed paper is kept",
        missing="Tick the box once you have seen the person sign",
    )


class ReasonForm(GovukForm):
    """One question: why. Label, hint and button come from the page."""

    reason = WordsField(label="Reason", max_length=200, lines=3, missing="Enter the reason")

    def __init__(self, *args: Any, button: str, hint: str = "", needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submit_label = button
        self.fields["reason"].help_text = hint
        self.fields["reason"].required = needed
