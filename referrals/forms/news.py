"""Which to list of the buddies who hear something from a person first."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm

WAITING = "waiting"


class NewsFilter(FilterForm):
    """Which to show."""

    show = ChoiceField(label="Show", select=True, choices=[(WAITING, "To be told")])
