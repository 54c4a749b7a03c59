"""The workload of one wing, or of those near a cap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import ChoiceField
from buddyscheme.lib.forms import FilterForm
from referrals.rules.workload import Pressure


class WorkloadFilter(FilterForm):
    """Buddies by how near they are to a cap, and by wing."""

    caps = ChoiceField(label="Against the caps", select=True, choices=[(each.name, each.value) for each in Pressure])
    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Sequence[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])  # type: ignore[attr-defined]
