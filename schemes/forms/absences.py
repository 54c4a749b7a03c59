"""Questions about absences, appointments and weekly work."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, MultipleChoiceField, PrisonNumberField
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Absence, Session, WeeklyActivity
from schemes.rules.absences import period_of

DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
WHOLE_DAY = "ALL"
WHEN = [(WHOLE_DAY, "The whole day"), *Session.choices]
AWAY = Absence.HOLDS


class AbsenceForm(GovukForm):
    """Where, which day, when, until when."""

    submit_label = "Record the absence"

    kind = ChoiceField(
        label="Where is the person?",
        choices=[
            Choice(
                value=value,
                text=label,
                hint="Visits are held until the person is back." if value in AWAY else "",
            )
            for value, label in Absence.Kind.choices
        ],
        missing="Select where the person is",
    )
    starts_on = DayField(label="Day")
    session = ChoiceField(label="When?", choices=WHEN, inline=True, missing="Select when")
    ends_on = DayField(
        label="Last day",
        hint="Only if it is longer than a day. Court, hospital and temporary release run on until you record that the "
        "person is back.",
        required=False,
    )

    @property
    def period(self) -> dict[str, Any]:
        """The answers as the action takes them. The rule fills in what is not asked."""
        answers = self.cleaned_data
        session = "" if answers["session"] == WHOLE_DAY else answers["session"]
        return period_of(answers["kind"], answers["starts_on"], session, answers["ends_on"])


class NewAbsenceForm(AbsenceForm):
    """The same about somebody by prison number."""

    prison_number = PrisonNumberField()

    field_order = ("prison_number", "kind", "starts_on", "session", "ends_on")


class BackForm(GovukForm):
    """From when the person is back."""

    submit_label = "Record that the person is back"

    back_on = DayField(label="Day on which the person is back")
    session = ChoiceField(
        label="From when?",
        choices=[
            Choice(value=Session.MORNING, text="The morning"),
            Choice(value=Session.AFTERNOON, text="The afternoon"),
            Choice(value=Session.EVENING, text="The evening"),
        ],
        inline=True,
        missing="Select from when the person is back",
    )


class WeeklyForm(GovukForm):
    """Work or education of every week."""

    submit_label = "Save"

    kind = ChoiceField(
        label="What is it?", choices=WeeklyActivity.Kind.choices, inline=True, missing="Select what it is"
    )
    weekdays = MultipleChoiceField(label="On which days?", choices=DAYS, missing="Select at least one day")
    session = ChoiceField(label="When?", choices=Session.choices, inline=True, missing="Select when")
    starts_on = DayField(label="First day")

    @property
    def days(self) -> list[int]:
        """Weekdays as numbers."""
        return [int(day) for day in self.cleaned_data["weekdays"]]


class AbsenceFilter(FilterForm):
    """Which kind."""

    kind = ChoiceField(label="Where", choices=Absence.Kind.choices, select=True)
