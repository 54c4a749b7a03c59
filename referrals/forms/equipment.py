"""Questions about equipment, and about leaving in an emergency."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, NumberField, WordsField, YesNoField
from buddyscheme.lib.forms import GovukForm
from referrals.models import Equipment
from referrals.rules.equipment import LONGEST, MOST_STAFF, kinds

TODAY_OR_BEFORE = "Leave empty if nobody knows."


class EquipmentForm(GovukForm):
    """What it is, whose, and its checks."""

    submit_label = "Add this equipment"

    kind = ChoiceField(label="What is it?", select=True, missing="Select what it is")
    what = WordsField(label="If it is not in the list, what is it?", max_length=80, required=False)
    owner = ChoiceField(
        label="Who does it belong to?", choices=Equipment.Owner.choices, missing="Select who it belongs to"
    )
    checked_on = DayField(label="Day of the last check", hint=TODAY_OR_BEFORE, required=False)
    next_check_on = DayField(label="Day of the next check", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer([(code, english) for code, (english, _) in kinds().items()])
        self.fields["checked_on"].latest = today


class EquipmentCheckForm(GovukForm):
    """It was looked at."""

    submit_label = "Save this check"

    checked_on = DayField(label="Day of the check", missing="Enter the day of the check")
    next_check_on = DayField(label="Day of the next check", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_on"].latest = today


class EvacuationForm(GovukForm):
    """Whether and how the person leaves with help."""

    needs_help = YesNoField(
        label="Does the person need help to leave in an emergency?",
        missing="Select whether the person needs help to leave in an emergency",
    )
    how = WordsField(
        label="How do they leave?",
        hint="What staff do, step by step. For example, “Two staff walk with him on the stairs, one below.”",
        max_length=600, lines=3, required=False, mark_optional=False,
    )  # fmt: skip
    staff = NumberField(label="How many staff are needed?", most=MOST_STAFF, required=False, mark_optional=False)
    waits_at = WordsField(label="Where do they wait for help?", max_length=100, required=False, mark_optional=False)
    equipment = WordsField(label="What equipment is used?", max_length=200, required=False)
    review_on = DayField(label="When is this looked at again?", required=False, mark_optional=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].latest = today + LONGEST
