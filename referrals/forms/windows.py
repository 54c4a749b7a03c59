"""Questions on the officer's pages about terminals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import Choice, ChoiceField, MinutesField, TickField, WordsField
from buddyscheme.lib.forms import GovukForm
from referrals.rules.windows import DEFAULT_MINUTES, MOST_MINUTES
from schemes.models import Custody

LET_IN, NEW_CODE, FACE = "LET_IN", "NEW_CODE", "FACE"


class OpenForm(GovukForm):
    """How long."""

    submit_label = "Open the terminal"

    minutes = MinutesField(label="Minutes", least=1, most=MOST_MINUTES, initial=DEFAULT_MINUTES)


class AtWindowForm(GovukForm):
    """Whose face the officer has looked at, and what for."""

    submit_label = "I have checked the face"

    person = ChoiceField(label="Who is it?", select=True, missing="Select the person")
    what = ChoiceField(
        label="What for?",
        choices=[
            Choice(value=LET_IN, text="Let in now", hint="Without a code: they tap “Continue” on the terminal"),
            Choice(value=NEW_CODE, text="New code", hint="The terminal shows it to them once; the old one ends"),
            Choice(value=FACE, text="Only confirm the face", hint="They may try their own code again"),
        ],
        initial=LET_IN,
        missing="Select what it is for",
    )

    def __init__(self, *args: Any, people: Iterable[Custody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(  # type: ignore[attr-defined]
            [(c.person.token, f"{c.person.list_name}, {c.person.prison_number}, {c.place}") for c in people]
        )


HEADSET = (
    "The terminal reads aloud through a headset only. Without one it has no button for it, and says nothing. "
    "On a keyboard F2 turns reading aloud on and off, and Tab reads one button after the other."
)


class HeadsetForm(GovukForm):
    """Whether the machine may speak."""

    submit_label = "Save"

    has_headset = TickField(label="A headset is fitted", hint=HEADSET, required=False)


class TerminalForm(GovukForm):
    """Which machine this is."""

    submit_label = "Enrol this machine"

    name = WordsField(label="Name of this machine", hint="For example, A wing terminal", max_length=60, width="20")
    wing = ChoiceField(label="Wing", select=True, missing="Select the wing")
    has_headset = TickField(label="A headset is fitted", hint=HEADSET, required=False)

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.token, wing.name) for wing in wings])  # type: ignore[attr-defined]


class ConfirmForm(GovukForm):
    """No question: a button."""

    warning: ClassVar[bool] = True
