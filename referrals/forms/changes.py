"""Questions of the change list."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField, DayField
from buddyscheme.lib.forms import FilterForm, GovukForm

LOOK = "LOOK"


class ChangeFilter(FilterForm):
    """Since when, and whether only what somebody has to look at."""

    since = DayField(label="Since")
    show = ChoiceField(label="Show", choices=[(LOOK, "To look at")], select=True)


class LookedForm(GovukForm):
    """No question."""

    submit_label = "I have looked at it"
