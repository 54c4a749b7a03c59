"""Which calls of danger to list."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm

LATE, OPEN = "late", "open"


class DangerFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(
        label="Show", select=True, choices=[(LATE, "Over 5 minutes old"), (OPEN, "Not acknowledged")]
    )  # fmt: skip
