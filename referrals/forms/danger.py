"""Which calls of danger to list, and saying that one has it."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm

LATE, OPEN = "late", "open"


class DangerFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(
        label="Show", select=True, choices=[(LATE, "Over 5 minutes old"), (OPEN, "Not acknowledged")]
    )  # fmt: skip


class AcknowledgeForm(GovukForm):
    """Nothing to type: the name is the reader's own."""

    submit_label = "I have it"
