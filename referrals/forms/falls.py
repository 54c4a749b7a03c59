"""Questions about a fall: six at once, the rest when it is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, ClockField, DayField, PrisonNumberField, TickField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from referrals.models import Fall

MISSING, WAITED, LIFTED, NOBODY, LOOK = "missing", "waited", "lifted", "nobody", "look"
INJURIES = [
    (value, Fall.Injury(value).label)
    for value in (Fall.Injury.NONE, Fall.Injury.MINOR, Fall.Injury.SERIOUS, Fall.Injury.NOT_KNOWN)
]
HELPED = [(value, label) for value, label in Fall.HelpedUp.choices]
AFTER_MIDNIGHT = "A time earlier than the one at which the person was found is taken as after midnight."


class FallFilter(FilterForm):
    """Which falls."""

    show = ChoiceField(
        label="Falls",
        select=True,
        choices=[
            (LOOK, "Help came late or nobody is recorded, not closed yet"),
            (WAITED, "Help came later than settled"),
            (NOBODY, "Nobody recorded as come"),
            (MISSING, "Times still missing"),
            (LIFTED, "A prisoner helped the person up"),
        ],
    )


class FallForm(GovukForm):
    """Six answers."""

    submit_label = "Record the fall"

    prison_number = PrisonNumberField(label="Prison number of the person who fell")
    found_on = DayField(label="Which day was it?", missing="Enter the day of the fall")
    found_clock = ClockField(label="When was the person found?", missing="Enter the time the person was found")
    alarm_clock = ClockField(
        label="When was the alarm raised?",
        hint="The cell bell, an officer, or the radio.",
        missing="Enter the time the alarm was raised",
    )
    injury = ChoiceField(label="Is the person hurt?", choices=INJURIES, missing="Select whether the person is hurt")
    helped_up = ChoiceField(
        label="Who helped the person up?",
        hint="Nobody is blamed for the answer. Buddies do not lift; if one did, we want to know why it came to that.",
        choices=HELPED,
        missing="Select who helped the person up",
    )

    def __init__(self, *args: Any, known: bool, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found_on"].latest = today
        self.fields["found_on"].initial = today
        if known:
            del self.fields["prison_number"]


class FallTimesForm(GovukForm):
    """What is known by now."""

    submit_label = "Save"
    versioned = True

    staff_clock = ClockField(label="When did staff come?", hint=AFTER_MIDNIGHT, required=False)
    healthcare_clock = ClockField(label="When did healthcare come?", hint="", required=False)
    no_healthcare = TickField(label="Nobody called healthcare", required=False)
    up_clock = ClockField(label="When was the person up?", hint="", required=False)
    injury = ChoiceField(label="Is the person hurt?", choices=INJURIES)
    helped_up = ChoiceField(label="Who helped the person up?", choices=HELPED)
    found_by = ChoiceField(label="Who found the person?", choices=Fall.FoundBy.choices, required=False)
    place = ChoiceField(label="Where was it?", choices=Fall.Place.choices, required=False)
    equipment = WordsField(
        label="Equipment used, or missing",
        max_length=200,
        required=False,
        hint="For example, a walking frame out of reach.",
    )
