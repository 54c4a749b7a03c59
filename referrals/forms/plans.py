"""Questions of a plan: what the person wants, the plan's own page, its tasks, and its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.errors import NotAllowed
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
from referrals.models import Plan, PlanGoal, PlanReview, PlanTask, Referral
from referrals.models.plan import SafetyWord
from referrals.rules.plans import LONGEST_REVIEW, check_goals
from schemes.models import Session, TaskKind

EVERY_DAY = "all"


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
        hint="Up to three goals in the person’s words, one on each line. Personal care is never a buddy’s work.",
        max_length=650,
        lines=3,
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
        label="Does the person need help to leave in an emergency?",
        hint="The unlock list says so at once. How they leave is written down on the plan’s page.",
        missing="Select whether the person needs help to leave in an emergency",
    )
    falls_risk = YesNoField(
        label="Is the person at risk of falling?",
        hint="Staff, the council and healthcare see this. No buddy and no other prisoner does.",
        missing="Select whether the person is at risk of falling",
    )

    def __init__(
        self, *args: Any, today: date, review_on: date | None = None, reviewed: bool = False, **kwargs: Any
    ) -> None:
        """`reviewed`: the plan is active, so that its date moves by a review and is not asked here."""
        super().__init__(*args, **kwargs)
        if reviewed:
            del self.fields["review_on"]
            return
        tomorrow = today + timedelta(days=1)
        # A review that is overdue may stand while something else is put right.
        field = self.fields["review_on"]
        field.earliest, field.latest = min(tomorrow, review_on or tomorrow), today + LONGEST_REVIEW
        if review_on is not None:
            field.label = "Date of the next review"

    def clean_goals(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["goals"].splitlines() if line.strip()]
        try:
            check_goals(lines)
        except NotAllowed as error:
            raise ValidationError(str(error)) from error
        return lines


class RisksForm(GovukForm):
    """What only staff see."""

    versioned = True

    falls_risk = YesNoField(
        label="Is the person at risk of falling?", missing="Select whether the person is at risk of falling"
    )
    staff_notes = WordsField(
        label="Notes for staff",
        hint="What staff must know of falls and other risks. No buddy and no other prisoner sees these.",
        max_length=1000,
        lines=3,
        required=False,
    )


class ReviewForm(GovukForm):
    """What became of each goal, whether the help is right, whether another prisoner helps, and the next date."""

    submit_label = "Save this review"
    versioned = True

    right = ChoiceField(
        label="Is the help still right?",
        choices=PlanReview.Right.choices,
        missing="Select whether the help is still right",
    )
    other_help = ChoiceField(
        label="Does another prisoner help as well?",
        hint="Ask in private. The answer is never used for discipline.",
        choices=Referral.OtherHelp.choices,
        inline=True,
        missing="Select whether another prisoner helps as well",
    )
    next_on = DayField(label="Date of the next review", missing="Enter the date of the next review")

    def __init__(self, *args: Any, goals: Iterable[PlanGoal], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goals = list(goals)
        asked = {}
        for goal in self.goals:
            asked[f"goal_{goal.pk}"] = ChoiceField(
                label=f"“{goal.words}”",
                choices=PlanGoal.State.choices,
                inline=True,
                initial=goal.state or None,
                missing=f"Select what became of “{goal.words}”",
            )
        self.fields = {**asked, **self.fields}
        field = self.fields["next_on"]
        field.earliest, field.latest = today + timedelta(days=1), today + LONGEST_REVIEW

    @property
    def states(self) -> dict[int, str]:
        """What was said of each goal, by its id."""
        return {goal.pk: self.cleaned_data[f"goal_{goal.pk}"] for goal in self.goals}


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
    done_by = ChoiceField(
        label="Who does it?",
        choices=[
            (PlanTask.DoneBy.BUDDY, "The buddy"),
            (PlanTask.DoneBy.CARER, "A carer"),
            (PlanTask.DoneBy.SELF, "The person does it alone"),
            (PlanTask.DoneBy.STAFF, "Staff"),
        ],
        initial=PlanTask.DoneBy.BUDDY,
        required=False,
        mark_optional=False,
    )

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

    def clean_done_by(self) -> str:
        return self.cleaned_data["done_by"] or str(PlanTask.DoneBy.BUDDY)


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
            ("interim", "Interim help that ends soon"),
            ("equipment", "Check of equipment overdue"),
        ],
    )


class CompareForm(FilterForm):
    """Which two versions of a plan stand side by side."""

    submit_label = "Compare these two"

    older = ChoiceField(label="Version", select=True)
    newer = ChoiceField(label="With version", select=True)

    def __init__(self, *args: Any, numbers: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("older", "newer"):
            field = self.fields[name]
            field.required, field.nothing_chosen = True, None
            field.offer([(str(number), f"Version {number}") for number in sorted(numbers)])
