"""Questions about visits and paper slips, in the order of the terminal's screens and of the paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    DayField,
    MinutesField,
    MultipleChoiceField,
    NumberField,
    WordsField,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import HelpCheck, Visit
from referrals.rules.slips import MOST
from referrals.rules.visits import DAYS_BACK, MOST_MINUTES
from schemes.models import Buddy, TaskKind


class VisitForm(GovukForm):
    """What came of one visit. Three questions depend on the first; what does not apply is left empty."""

    submit_label = "Save the visit"

    buddy = ChoiceField(
        label="Which buddy came?", hint="Nobody was down for this visit.", required=False, mark_optional=False
    )
    outcome = ChoiceField(label="What happened?", choices=Visit.Outcome.choices, missing="Select what happened")
    minutes = MinutesField(
        label="How many minutes did it take?",
        hint="Leave empty if the visit did not happen.",
        most=MOST_MINUTES,
        required=False,
        mark_optional=False,
    )
    tasks_done = MultipleChoiceField(
        label="If partly done: what was done?", required=False, mark_optional=False, hint="Select all that were done"
    )
    reason = ChoiceField(
        label="If not done: why not?", choices=Visit.Reason.choices, required=False, mark_optional=False
    )
    said_by = ChoiceField(
        label="If not done: who said so?",
        choices=Visit.SaidBy.choices,
        hint="Leave empty if you know it yourself.",
        required=False,
        mark_optional=False,
    )
    extra_help = WordsField(label="Extra help that was given", max_length=280, required=False)

    def __init__(self, *args: Any, tasks: Iterable[TaskKind], came: Iterable[Buddy] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tasks_done"].offer([(task.code, task.name) for task in tasks])
        offered = [(buddy.token, buddy.person.full_name) for buddy in came or ()]
        if offered:
            self.fields["buddy"].offer(offered)
        else:
            del self.fields["buddy"]

    @property
    def report(self) -> dict[str, Any]:
        """The answers as the actions take them."""
        answers = self.cleaned_data
        outcome, reason = answers["outcome"], answers["reason"]
        return {
            "outcome": outcome,
            "minutes": 0 if outcome == Visit.Outcome.NOT_DONE else answers["minutes"] or 0,
            "tasks_done": [] if outcome != Visit.Outcome.PARTLY else answers["tasks_done"],
            "reason": reason,
            "said_by": answers["said_by"],
            "extra_help": answers["extra_help"],
        }


class CorrectForm(VisitForm):
    """The visit as it should read, and why it is corrected."""

    submit_label = "Save the correction"

    correction_reason = WordsField(
        label="Why is the record corrected?", max_length=200, missing="Enter why the record is corrected"
    )


class AskForm(GovukForm):
    """What the person said, asked in private by staff."""

    submit_label = "Save the answers"

    answer = ChoiceField(
        label="Did the help come?", choices=HelpCheck.Answer.choices, missing="Select what the person said"
    )
    asked_in_return = ChoiceField(
        label="Did anybody ask for something in return?",
        choices=HelpCheck.InReturn.choices,
        missing="Select what the person said about anything asked in return",
    )


class PrintSlipsForm(GovukForm):
    """How many slips."""

    submit_label = "Make the slips"

    how_many = NumberField(
        label="How many slips?", hint="Three fit on one sheet.", least=1, most=MOST, width="2", initial=12
    )


class SlipNumberForm(GovukForm):
    """Which slip lies on the desk, and of which day."""

    submit_label = "Continue"

    number = NumberField(label="Number of the slip", hint="Printed large at the top", most=9_999_999, width="5")
    happened_on = DayField(label="Day of the visit")

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        day = self.fields["happened_on"]
        day.earliest, day.latest = today - timedelta(days=DAYS_BACK), today


class ConfirmWeekForm(GovukForm):
    """Which of the visits shown are right; each is a box beside its visit."""

    submit_label = "Confirm the week"

    right = MultipleChoiceField(label="These visits are right", required=False)

    def __init__(self, *args: Any, visits: Iterable[Visit], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["right"].offer([(visit.token, str(visit.day)) for visit in visits])


class WingFilter(FilterForm):
    """One wing."""

    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])


class VisitFilter(WingFilter):
    """Which visits to list."""

    outcome = ChoiceField(label="What happened", select=True, choices=Visit.Outcome.choices)
    source = ChoiceField(label="Recorded by", select=True, choices=Visit.Source.choices)
    since = DayField(label="Date from (earliest)")
    until = DayField(label="Date to (latest)")


class TodayFilter(WingFilter):
    """Which part of today's list."""

    session = ChoiceField(label="Session", select=True)

    def __init__(self, *args: Any, sessions: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["session"].offer([Choice(value=code, text=name) for code, name in sessions])
