"""Questions of a plan: what the person wants, the plan's own page, its tasks, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    DayField,
    MinutesField,
    MultipleChoiceField,
    WordsField,
    YesNoField,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Plan
from referrals.models.plan import SafetyWord
from referrals.rules.plans import LONGEST_REVIEW
from schemes.models import Session, TaskKind

EVERY_DAY = "all"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class WishesForm(GovukForm):
    """Asked in private. The person's own words come first."""

    own_words = WordsField(
        label="What does the person want, in their own words?",
        hint="Write it as they say it: “I want to eat hot food again.”",
        max_length=1000,
        lines=5,
        missing="Enter what the person said, in their own words",
    )
    answer = ChoiceField(
        label="Does the person agree to help from a buddy?",
        choices=[
            Choice(value=Plan.Answer.AGREES, text="Yes"),
            Choice(value=Plan.Answer.REFUSES, text="No", hint="They need not say why. They can ask again at any time."),
        ],
        missing="Select whether the person agrees to help from a buddy",
    )
    share = YesNoField(
        label="May the plan be shared with the council and healthcare?",
        missing="Select yes or no for sharing the plan",
    )


class PlanForm(GovukForm):
    """The plan's own page."""

    submit_label = "Save and go on to the tasks"
    versioned = True

    goals = WordsField(
        label="What should the help achieve?",
        hint="Everyday goals. Washing, dressing and other personal care is never a buddy’s work.",
        max_length=1000,
        lines=4,
        missing="Enter what the help should achieve",
    )
    safety_words = MultipleChoiceField(
        label="What must the buddy know to be safe?",
        hint="The buddy sees these words and nothing else about the person’s health. Select all that apply.",
        choices=SafetyWord.choices,
        required=False,
    )
    review_on = DayField(label="Date of the first review", missing="Enter the date of the review")
    evacuation_plan = YesNoField(
        label="Does the person have a personal evacuation plan?",
        missing="Select whether the person has a personal evacuation plan",
    )
    staff_notes = WordsField(
        label="Notes for staff",
        hint="No buddy and no other prisoner sees these.",
        max_length=1000,
        lines=3,
        required=False,
    )

    def __init__(self, *args: Any, today: date, review_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tomorrow = today + timedelta(days=1)
        # A review that is overdue may stand while something else is put right.
        field = self.fields["review_on"]
        field.earliest, field.latest = min(tomorrow, review_on or tomorrow), today + LONGEST_REVIEW
        if review_on is not None:
            field.label = "Date of the next review"


class TaskForm(GovukForm):
    """One task: what, on which days, when. The task is shown by groups, see `grouped`."""

    submit_label = "Add this task"

    task = ChoiceField(label="Task", select=True, missing="Select a task")
    weekdays = MultipleChoiceField(label="On which days?", missing="Select the days of the week")
    session = ChoiceField(
        label="In which part of the day?",
        choices=Session.choices,
        inline=True,
        missing="Select the part of the day",
    )
    minutes = MinutesField(
        label="How long does it take?", hint="Leave empty for the usual time.", most=240, required=False
    )
    note = WordsField(
        label="Anything the buddy should know about this task", hint="For example, “Knock and wait.”",
        max_length=200, required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, tasks: Iterable[TaskKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].offer([(task.code, task.name) for task in tasks])
        days = [Choice(value=str(number), text=name) for number, name in enumerate(WEEKDAYS)]
        self.fields["weekdays"].offer([Choice(value=EVERY_DAY, text="Every day"), *days])

    def refuse_outright(self, sentence: str) -> None:
        """The task itself is refused: what else is missing no longer matters, so nothing else is said."""
        _ = self.errors
        for name in [name for name in self.errors if name != "task"]:
            del self.errors[name]
        self.refuse(sentence, field="task")

    def clean_weekdays(self) -> Sequence[int]:
        chosen = self.cleaned_data["weekdays"]
        return list(range(7)) if EVERY_DAY in chosen else [int(day) for day in chosen]


class ReasonForm(GovukForm):
    """Why a plan ends."""

    submit_label = "End the plan"
    warning = True

    reason = WordsField(label="Why does the plan end?", max_length=200, missing="Enter why the plan ends")


class StopTaskForm(GovukForm):
    """No reason is needed."""

    submit_label = "Stop this task"
    warning = True

    reason = WordsField(label="Reason", hint="Only if the person wants to give one.", max_length=200, required=False)


class ConfirmForm(GovukForm):
    """No question: a button."""

    submit_label = "Confirm"


class RemoveForm(GovukForm):
    """Takes a task out of a plan that is still being written."""

    submit_label = "Remove"


class PlanFilter(FilterForm):
    """Which plans to show. `show` are the work queues, by the queries that the home page counts."""

    status = ChoiceField(label="Status", select=True, choices=Plan.Status.choices)
    show = ChoiceField(
        label="Work to do",
        select=True,
        choices=[
            ("write", "To be written"),
            ("buddy", "Active without a first buddy"),
            ("review", "Review due or overdue"),
        ],
    )
