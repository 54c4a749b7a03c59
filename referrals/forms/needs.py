"""Questions about what a person needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from referrals.models import Need, Referral


class AddNeedForm(GovukForm):
    """What, from whom, in a few words."""

    submit_label = "Add the need"

    category = ChoiceField(
        label="What does the person need help with?",
        choices=Referral.NeedArea.choices,
        missing="Select what the person needs help with",
    )
    source = ChoiceField(
        label="Who says so?",
        choices=[
            Choice(value=Need.Source.STAFF, text="Prison staff", hint="It is confirmed by that."),
            Choice(value=Need.Source.SELF, text="The person"),
            Choice(value=Need.Source.HEALTHCARE, text="Healthcare"),
            Choice(value=Need.Source.COUNCIL, text="The council"),
            Choice(value=Need.Source.PEER, text="Another prisoner"),
            Choice(value=Need.Source.FAMILY, text="Family or friends"),
        ],
        missing="Select who says so",
    )
    words = WordsField(
        label="In a few words", hint="Staff see this; it is never copied into a plan.", max_length=300, lines=3,
        required=False,
    )  # fmt: skip


class EndNeedForm(GovukForm):
    """Since when the need is over."""

    submit_label = "End this need"

    ended_on = DayField(
        label="Date on which the person stopped needing it", missing="Enter the date on which the need ended"
    )

    def __init__(self, *args: Any, earliest: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].earliest, self.fields["ended_on"].latest = earliest, today
        self.fields["ended_on"].initial = today
