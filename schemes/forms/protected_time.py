"""One week's hours for the scheme: two boxes for each named person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.forms import BoundField

from buddyscheme.accounts.models import User
from buddyscheme.lib.fields import HoursField
from buddyscheme.lib.forms import GovukForm
from schemes.queries.protected_time import PersonWeek


class WeekForm(GovukForm):
    """`planned_…` and `worked_…` by the account's token. Whoever has neither is left out."""

    def __init__(self, *args: Any, people: Sequence[PersonWeek], **kwargs: Any) -> None:
        self.people = list(people)
        super().__init__(*args, **kwargs)
        for each in self.people:
            for name, label, value in (
                ("planned", f"{each.user.name}: hours planned", each.planned),
                ("worked", f"{each.user.name}: hours worked", each.worked),
            ):
                field = HoursField(label=label, required=False, mark_optional=False, initial=_shown(value))
                self.fields[f"{name}_{each.user.token}"] = field

    @property
    def laid_out(self) -> list[tuple[PersonWeek, BoundField, BoundField]]:
        """Each person with both boxes, for the template."""
        return [(p, self[f"planned_{p.user.token}"], self[f"worked_{p.user.token}"]) for p in self.people]

    def clean(self) -> dict[str, Any]:
        """Hours worked without hours planned would hide that none were given."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for each in self.people:
            planned, worked = f"planned_{each.user.token}", f"worked_{each.user.token}"
            missing = planned not in self.errors and cleaned.get(planned) is None
            if missing and (cleaned.get(worked) is not None or each.entered):
                self.add_error(planned, f"Enter the hours planned for {each.user.name}, or 0 if there were none")
        return cleaned

    @property
    def hours(self) -> list[tuple[User, Decimal, Decimal | None]]:
        """What the action takes."""
        found = []
        for each in self.people:
            planned = self.cleaned_data[f"planned_{each.user.token}"]
            if planned is not None:
                found.append((each.user, planned, self.cleaned_data[f"worked_{each.user.token}"]))
        return found


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
