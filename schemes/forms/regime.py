"""Questions about a lock-down, and about the regime of bank holidays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.dates import WEEKDAYS
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from schemes.forms.schemes import TimesForm
from schemes.models import LockDown, Session

OWN_TIMES = "OWN"


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
    cause = ChoiceField(
        label="Why?",
        hint="This is what people read at the terminal.",
        choices=LockDown.Cause.choices,
        missing="Select why people were not unlocked",
    )
    reason = WordsField(
        label="Anything else staff should know", hint="Needed if it is another reason.", max_length=120, required=False
    )

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = Choice(value="ALL", text="Everywhere")
        self.fields["wing"].offer(  # type: ignore[attr-defined]
            [everywhere, *(Choice(value=wing.token, text=wing.name) for wing in wings)]
        )


class HolidayForm(TimesForm):
    """As on which day, or at which times."""

    like = ChoiceField(
        label="On a bank holiday people are unlocked",
        choices=[
            *(Choice(value=str(number), text=f"As on a {name}") for number, name in enumerate(WEEKDAYS)),
            Choice(value=OWN_TIMES, text="At the times below", divider_before="or"),
        ],
        missing="Select when people are unlocked on a bank holiday",
    )
    patterns = (("day", "Times of their own", (0,)),)
    versioned = False
