"""Modules that lapse soon, or have lapsed."""

from __future__ import annotations

from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm

SOON, OVERDUE = "soon", "overdue"
SHOWN = {SOON: "Lapsing in 28 days", OVERDUE: "Overdue"}


class DueFilter(FilterForm):
    """Which of the two lists."""

    show = ChoiceField(label="Modules", select=True, nothing_chosen=None, choices=list(SHOWN.items()))
