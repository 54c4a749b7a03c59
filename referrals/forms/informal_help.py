"""Questions of the register of informal help."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, MultipleChoiceField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.forms.referrals import URGENCIES
from referrals.models import Concern, InformalHelp, Referral

TO_LOOK = "look"
REVIEW = "review"


class HelpForm(GovukForm):
    """Who is helped, by whom, with what, since when. Only what is known: nothing is asked of the two for it."""

    prison_number = PrisonNumberField(label="Prison number of the person who is helped")
    helper = PrisonNumberField(
        label="Prison number of the prisoner who helps", hint="Leave it empty if it is not known", required=False
    )
    kinds = MultipleChoiceField(
        label="With what?", choices=Referral.NeedArea.choices, missing="Select what the help is with"
    )
    since_on = DayField(label="Since when?", hint="A rough date will do", required=False)

    def __init__(self, *args: Any, known_person: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since_on"].latest = today
        if known_person:
            del self.fields["prison_number"]


class FillInForm(HelpForm):
    """The same about an entry that is there."""

    versioned = True


class ReferFromHelpForm(GovukForm):
    """Why and how soon; what the help is with is known."""

    submit_label = "Refer the person"
    versioned = True

    reason = WordsField(
        label="Why does the person need help, in a few words?",
        hint="Leave out who helps now, and medical details.",
        max_length=500,
        lines=3,
        missing="Enter in a few words why the person needs help",
    )
    urgency = ChoiceField(label="How soon is help needed?", choices=URGENCIES, missing="Select how soon help is needed")


class ApplyFromHelpForm(GovukForm):
    """What the person says about wanting the role."""

    submit_label = "Record the application"
    versioned = True

    statement = WordsField(
        label="Why does the person want the job, in their own words?",
        hint="Ask them first. Nobody has to apply, and nothing happens to somebody who does not.",
        max_length=2000,
        lines=4,
        missing="Enter what the person said",
    )


class WorryFromHelpForm(GovukForm):
    """What the worry is."""

    submit_label = "Raise the concern"
    versioned = True

    kind = ChoiceField(
        label="What is it about?",
        choices=[
            Choice(value=Concern.Kind.EXPLOIT_RECIPIENT, text="The person is exploited or put under pressure"),
            Choice(value=Concern.Kind.GIFT_OR_DEBT, text="A gift or a debt", hint="In either direction"),
            Choice(value=Concern.Kind.DID_OVERSTEP, text="Personal care or another prohibited task"),
            Choice(value=Concern.Kind.WORRY, text="A worry about somebody"),
        ],
        missing="Select what it is about",
    )
    words = WordsField(
        label="What is the worry?",
        hint="About whoever is helped. Do not name whoever helps as a suspect.",
        max_length=2000,
        lines=4,
        missing="Enter what the worry is",
    )


class EndHelpForm(GovukForm):
    """Why the entry ends."""

    submit_label = "End this entry"
    versioned = True

    reason = WordsField(
        label="Why has it ended, or what replaces it?", max_length=300, lines=2, missing="Enter why it has ended"
    )


class HelpFilter(FilterForm):
    """Which entries to show."""

    show = ChoiceField(label="Show", select=True, choices=[(TO_LOOK, "Nobody has looked at them")])
    status = ChoiceField(label="State", select=True, choices=InformalHelp.Status.choices)
