"""Questions of a referral (six in all) and of its screening."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from buddyscheme.lib.fields import Choice, ChoiceField, MultipleChoiceField, PrisonNumberField, TickField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Referral
from referrals.rules.referrals import WHICH_CARE
from schemes.models import TaskKind

GIVEN = "GIVEN"
Urgency, Outcome, OtherHelp = Referral.Urgency, Referral.Outcome, Referral.OtherHelp

URGENCIES = [
    Choice(value=Urgency.URGENT, text="Today", hint="For example, somebody goes without a meal or water."),
    Choice(value=Urgency.SOON, text="This week"),
    Choice(value=Urgency.ROUTINE, text="It can wait longer"),
]


class NumberForm(GovukForm):
    """Whom it is about."""

    submit_label = "Continue"
    heading_in_first_field = True

    prison_number = PrisonNumberField(
        label="What is the prison number of the person who needs help?", hint="For example, A1234BC"
    )


class ReferForm(GovukForm):
    """What the lead needs to know to decide what happens next."""

    submit_label = "Continue"

    need_areas = MultipleChoiceField(
        label="What does the person need help with?",
        choices=Referral.NeedArea.choices,
        missing="Select what the person needs help with",
    )
    reason = WordsField(
        label="Why, in a few words?",
        hint="For example, “Fell twice this week, cannot carry a tray.” Leave out medical details.",
        max_length=500,
        lines=4,
        missing="Enter in a few words why the person needs help",
    )
    urgency = ChoiceField(label="How soon is help needed?", choices=URGENCIES, missing="Select how soon help is needed")
    source = ChoiceField(
        label="Who asked for help?",
        choices=[
            Choice(value=Referral.Source.SELF, text="The person"),
            Choice(value=Referral.Source.PEER, text="Another prisoner"),
            Choice(value=Referral.Source.STAFF, text="Prison staff", hint="That may be you."),
            Choice(value=Referral.Source.HEALTHCARE, text="Healthcare"),
            Choice(value=Referral.Source.COUNCIL, text="The council"),
            Choice(value=Referral.Source.FAMILY, text="Family or friends"),
        ],
        missing="Select who asked for help",
    )
    other_help = ChoiceField(
        label="Does another prisoner already help the person?",
        hint="The answer is never used for discipline. It helps us to make that help safe, or to replace it.",
        choices=OtherHelp.choices,
        missing="Select whether another prisoner already helps",
    )


class SendForm(GovukForm):
    """The button under the answers. `new`: pressed by somebody who has seen that the person was referred already."""

    submit_label = "Send the referral"

    new = forms.CharField(required=False, widget=forms.HiddenInput)


class WhoForm(GovukForm):
    """Who asked for help, where it was not staff."""

    versioned = True
    heading_in_first_field = True

    said_by = WordsField(
        label="Who asked for help?",
        hint="A name or a role, for example “Social worker, Mrs Hale” or “His sister”. No prisoner is shown it.",
        max_length=120,
        missing="Enter the name or the role of whoever asked",
    )


class ScreenForm(GovukForm):
    """What happens next, and why. Where personal care is named, also which of it the person does not get."""

    submit_label = "Save the outcome"
    versioned = True

    outcome = ChoiceField(label="What happens next?", missing="Select what happens next")
    reason = WordsField(
        label="Why?",
        hint="Needed only if the referral is not progressed. Whoever made the referral may be told.",
        max_length=500,
        lines=3,
        required=False,
        mark_optional=False,
    )
    care = MultipleChoiceField(
        label="Which personal care does the person not get?",
        hint="The referral asks for personal care, which no buddy may give. Each kind is recorded as an unmet need, "
        "and its days are counted from the day of the referral.",
        required=False,
        mark_optional=False,
    )
    with_repeats = TickField(label="Save the same outcome for the referrals that repeat this one", required=False)

    def __init__(
        self, *args: Any, council: str, repeats: bool = True, care: Iterable[TaskKind] = (), own_care: bool = False,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.own_care = own_care
        if not repeats:
            del self.fields["with_repeats"]
        kinds = [Choice(value=kind.code, text=kind.name) for kind in care]
        if kinds:
            given = Choice(
                value=GIVEN, text="Somebody who may give it gives it already", divider_before="or", exclusive=True
            )
            self.fields["care"].offer([*kinds, given])
        else:
            del self.fields["care"]
        self.fields["outcome"].offer(
            [
                Choice(value=Outcome.BUDDY, text="Buddy support", hint="The person is asked what they want."),
                Choice(value=Outcome.COUNCIL, text="Council assessment", hint=f"It is put to {council} today."),
                Choice(value=Outcome.HEALTHCARE, text="Healthcare", hint="It is put to healthcare today."),
                Choice(value=Outcome.BUDDY_AND_COUNCIL, text="Buddy support and council assessment"),
                Choice(value=Outcome.BUDDY_AND_HEALTHCARE, text="Buddy support and healthcare"),
                Choice(value=Outcome.NONE, text="Not progressed", hint="Say why below.", divider_before="or"),
            ]
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("outcome") == Outcome.NONE and not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Enter why the referral is not progressed")
        if "care" in self.fields and "care" not in self.errors:
            asked = self.own_care or answers.get("with_repeats")
            chosen = set(answers.get("care") or ())
            if asked and (not chosen or (GIVEN in chosen and len(chosen) > 1)):
                self.add_error("care", WHICH_CARE.removesuffix("."))
        return answers


LATE = "late"


class ReferralFilter(FilterForm):
    """Which referrals to show."""

    show = ChoiceField(label="Show", select=True, choices=[(LATE, "Urgent and past their time")])
    status = ChoiceField(label="Status", select=True, choices=Referral.Status.choices)
    urgency = ChoiceField(label="How soon", select=True, choices=Urgency.choices)
