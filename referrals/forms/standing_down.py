"""Questions of standing a buddy down: what the prison decides, and who covers each person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField, YesNoField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Cover
from schemes.models import StandDown
from schemes.rules.stand_downs import LONGEST_REVIEW

REVIEW, RUNNING, APPEALS = "review", "running", "appeals"
NEW = f"{Cover.Choice.BUDDY}:"


class CoverForm(GovukForm):
    """Who covers: one question for each person the buddy helps. `offers` are (match token, name, choices)."""

    warning = True

    def __init__(self, *args: Any, offers: Iterable[tuple[str, str, list[Choice]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches = []
        for token, name, choices in offers:
            self.matches.append(token)
            self.fields[f"cover_{token}"] = ChoiceField(
                label=f"Who helps {name}?", choices=choices, missing=f"Select who helps {name}"
            )

    @property
    def covers(self) -> dict[str, tuple[str, str]]:
        """By match token: the choice, and the token of somebody new."""
        found = {}
        for token in self.matches:
            choice, _, buddy = self.cleaned_data[f"cover_{token}"].partition(":")
            found[token] = (choice, buddy)
        return found

    @property
    def particulars(self) -> dict[str, Any]:
        """The other answers, as the action takes them."""
        left_out = {f"cover_{token}" for token in self.matches}
        return {name: answer for name, answer in self.cleaned_data.items() if name not in left_out}


def _reason(label: str) -> WordsField:
    return WordsField(
        label=label, hint="In plain words: the person is told this.", max_length=300, lines=3,
        missing="Enter the reason",
    )  # fmt: skip


def _told() -> WordsField:
    return WordsField(
        label="How was the person told?", hint="For example, in person by the wing manager", max_length=200,
        missing="Enter how the person was told",
    )  # fmt: skip


def _appeal_route() -> WordsField:
    return WordsField(
        label="How can the person appeal?", hint="To whom, and until when", max_length=200,
        missing="Enter how the person can appeal",
    )  # fmt: skip


def _evidence() -> WordsField:
    return WordsField(
        label="Evidence", hint="What was seen or reported, and where it is kept", max_length=2000, lines=4,
        required=False,
    )  # fmt: skip


class SuspendForm(CoverForm):
    """Stopped for now."""

    submit_label = "Suspend and save who covers"

    reason = _reason("Why is the buddy suspended?")
    evidence = _evidence()
    paid = YesNoField(label="Is the buddy paid while suspended?")
    review_on = DayField(
        label="When is the suspension looked at again?", hint="Within four weeks",
        missing="Enter the day on which the suspension is looked at again",
    )  # fmt: skip
    told_how = _told()
    appeal_route = _appeal_route()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].latest = today + LONGEST_REVIEW


class RemoveForm(CoverForm):
    """The prison decides that the role ends."""

    submit_label = "Remove and save who covers"

    category = ChoiceField(
        label="What is it about?", choices=StandDown.Category.choices, missing="Select what it is about"
    )
    reason = _reason("Why is the buddy removed?")
    evidence = _evidence()
    told_how = _told()
    appeal_route = _appeal_route()


class LeaveForm(CoverForm):
    """The buddy leaves: own wish, ill health, a move or a release."""

    submit_label = "Record and save who covers"

    reason = WordsField(
        label="Why does the buddy leave?", hint="Own wish, ill health, a move or a release", max_length=300, lines=3,
        missing="Enter why the buddy leaves",
    )  # fmt: skip


class BringBackForm(GovukForm):
    """Back in the role."""

    submit_label = "Reinstate"

    reason = WordsField(
        label="Why does the buddy come back?", max_length=300, lines=3, missing="Enter why the buddy comes back"
    )


class ReviewForm(GovukForm):
    """The suspension goes on."""

    submit_label = "Save the new review"

    review_on = DayField(
        label="When is the suspension looked at again?", hint="Within four weeks",
        missing="Enter the day on which the suspension is looked at again",
    )  # fmt: skip


class AppealForm(GovukForm):
    """What the person says against the decision."""

    submit_label = "Record the appeal"

    appealed_on = DayField(label="Date of the appeal")
    words = WordsField(
        label="What does the person say?", hint="In their own words. You may write it down for them.",
        max_length=2000, lines=5, missing="Enter what the person says",
    )  # fmt: skip


class DecideAppealForm(GovukForm):
    """Somebody who did not take the decision answers."""

    submit_label = "Save the answer"

    decision = ChoiceField(
        label="Does the decision stand?",
        choices=[
            Choice(value="STANDS", text="The decision stands"),
            Choice(
                value="CHANGED", text="The decision was wrong",
                hint="The lead then reinstates the buddy, or takes a new application",
            ),
        ],
        missing="Select whether the decision stands",
    )  # fmt: skip
    answer = WordsField(
        label="The answer", hint="In plain words: the person is told this.", max_length=300, lines=3,
        missing="Enter the answer that the person is told",
    )  # fmt: skip


class StandDownFilter(FilterForm):
    """Which decisions to list."""

    state = ChoiceField(
        label="State",
        select=True,
        choices=[(REVIEW, "Suspension to review"), (RUNNING, "Suspended now"), (APPEALS, "Appeal to be decided")],
    )
