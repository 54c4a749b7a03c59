"""How often buddies are supervised."""

from __future__ import annotations

from buddyscheme.lib.fields import NumberField, YesNoField
from buddyscheme.lib.forms import GovukForm


class SupervisionForm(GovukForm):
    """The rhythm of one-to-ones, and what a group meeting is worth."""

    versioned = True

    months = NumberField(
        label="How many months may pass between two one-to-ones?",
        hint="1 means every month.",
        least=1,
        most=6,
        unit="months",
        missing="Enter how many months may pass between two one-to-ones",
    )
    group_counts = YesNoField(
        label="Does a group meeting stand in for a one-to-one?",
        yes_hint="Whoever came is next due so many months after the meeting.",
        no_hint="Group meetings are recorded, and one-to-ones stay due.",
    )
