"""Questions about a restricted task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from buddyscheme.lib.fields import Choice, ChoiceField, DayField, MultipleChoiceField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import TaskKind
from training.models import Module
from training.rules.restricted import LONGEST

WAITING, RUNNING, RENEW, ENDED = "waiting", "running", "renew", "ended"


class RestrictedFilter(FilterForm):
    """The list by where each stands."""

    state = ChoiceField(
        label="State",
        select=True,
        choices=[
            (WAITING, "To be decided"),
            (RUNNING, "On now"),
            (RENEW, "Ends within four weeks"),
            (ENDED, "Ended or withdrawn"),
        ],
    )


class AskRestrictedForm(GovukForm):
    """Which task, why, with which training, until when."""

    submit_label = "Ask for approval"

    task = ChoiceField(label="Which task?", missing="Select the task")
    reason = WordsField(
        label="Why should buddies here do this?", max_length=300, lines=3,
        missing="Enter why buddies here should do this",
    )  # fmt: skip
    modules = MultipleChoiceField(
        label="Which extra training must a buddy hold for it?",
        missing="Select at least one module that a buddy must hold for this",
    )
    review_on = DayField(
        label="Review date",
        hint="Within a year. The task ends by itself on this day unless it is renewed.",
        missing="Enter the review date",
    )

    def __init__(
        self, *args: Any, tasks: Iterable[TaskKind], modules: Iterable[Module], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].offer([Choice(value=task.code, text=task.name, hint=task.condition) for task in tasks])
        self.fields["modules"].offer([(module.code, module.title) for module in modules])
        self.fields["review_on"].earliest = today + timedelta(days=1)
        self.fields["review_on"].latest = today + LONGEST


class DecideRestrictedForm(GovukForm):
    """The governor's delegate decides."""

    submit_label = "Save the decision"

    decision = ChoiceField(
        label="Do you approve?",
        choices=[
            Choice(value="APPROVE", text="Approve", hint="Buddies with the training may do this until the review date"),
            Choice(value="REFUSE", text="Refuse", hint="Say why below"),
        ],
        missing="Select whether you approve",
    )
    reason = WordsField(
        label="Reason", hint="Needed when you refuse.", max_length=300, lines=3, required=False, mark_optional=False
    )


class WithdrawRestrictedForm(GovukForm):
    """Why it is switched off."""

    submit_label = "Switch the task off now"
    warning = True

    reason = WordsField(label="Why is the task withdrawn?", max_length=300, missing="Enter why the task is withdrawn")
