"""Questions of the change list."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField, DayField
from buddyscheme.lib.forms import FilterForm

LOOK = "LOOK"


class ChangeFilter(FilterForm):
    """Since when, and whether only what somebody has to look at."""

    since = DayField(label="Since")
    show = ChoiceField(label="Show", choices=[(LOOK, "To look at")], select=True)
