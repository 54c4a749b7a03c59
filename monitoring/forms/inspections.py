"""Opening an inspection on site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Prison, User
from buddyscheme.lib.fields import ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.models.inspection import LONGEST_DAYS


class InspectionForm(GovukForm):
    """Who, where, which reference, which days."""

    submit_label = "Open this inspection"

    prison = ChoiceField(label="Prison", select=True, missing="Select the prison")
    inspector = ChoiceField(label="Inspector", select=True, missing="Select the inspector")
    reference = WordsField(
        label="Reference of the inspection", max_length=40, missing="Enter the reference of the inspection"
    )
    first_on = DayField(label="First day")
    last_on = DayField(label="Last day", hint=f"At most {LONGEST_DAYS} days in all")

    def __init__(self, *args: Any, prisons: Iterable[Prison], inspectors: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prisons = {prison.code: prison for prison in prisons}
        self.inspectors = {str(user.pk): user for user in inspectors}
        self.fields["prison"].offer([(code, prison.name) for code, prison in self.prisons.items()])
        self.fields["inspector"].offer([(pk, user.name) for pk, user in self.inspectors.items()])
