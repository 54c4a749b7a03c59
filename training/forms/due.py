"""Modules that lapse soon, or have lapsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm

SOON, OVERDUE = "soon", "overdue"
SHOWN = {SOON: "Lapsing in 28 days", OVERDUE: "Overdue"}


class DueFilter(FilterForm):
    """Which of the two lists, and of which wing."""

    show = ChoiceField(label="Modules", select=True, nothing_chosen=None, choices=list(SHOWN.items()))
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Sequence[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])  # type: ignore[attr-defined]
