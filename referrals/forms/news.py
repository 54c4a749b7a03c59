"""Recording that a buddy was told in person, and which to list."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm

WAITING = "waiting"


class NewsFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To be told")])


class TellForm(GovukForm):
    """No question: a button."""

    submit_label = "Record that they were told"
