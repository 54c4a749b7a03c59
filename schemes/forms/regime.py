"""Questions about a lock-down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from schemes.models import Session


class LockDownForm(GovukForm):
    """Which day, where, when, why."""

    submit_label = "Record the lock-down"

    day = DayField(label="Day")
    wing = ChoiceField(label="Where?", missing="Select where people were not unlocked")
    session = ChoiceField(
        label="When?",
        choices=[
            Choice(value="ALL", text="The whole day"),
            *(Choice(value=value, text=label) for value, label in Session.choices),
        ],
        missing="Select when people were not unlocked",
    )
    reason = WordsField(
        label="Why?", hint="For example, staff shortage.", max_length=120, missing="Enter why people were not unlocked"
    )

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = Choice(value="ALL", text="Everywhere")
        self.fields["wing"].offer(  # type: ignore[attr-defined]
            [everywhere, *(Choice(value=wing.token, text=wing.name) for wing in wings)]
        )
