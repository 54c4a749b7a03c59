"""Questions on the officer's pages about terminals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from buddyscheme.accounts.models import Wing
from buddyscheme.accounts.own_factor import Way
from buddyscheme.lib.fields import Choice, ChoiceField, MinutesField, TickField, WordsField
from buddyscheme.lib.forms import GovukForm
from referrals.models import FaceReason
from referrals.rules.windows import DEFAULT_MINUTES, MOST_MINUTES
from schemes.models import Custody

LET_IN, NEW_CODE, FACE = "LET_IN", "NEW_CODE", "FACE"


def _people(held: Iterable[Custody]) -> list[tuple[str, str]]:
    """Somebody to choose: name, number and where they live."""
    return [(c.person.token, f"{c.person.list_name}, {c.person.prison_number}, {c.place}") for c in held]


class OpenForm(GovukForm):
    """How long; and the officer's own factor, where it has to be shown again."""

    submit_label = "Open the terminal"

    minutes = MinutesField(label="Minutes", least=1, most=MOST_MINUTES, initial=DEFAULT_MINUTES)
    factor = WordsField(max_length=128, width="10", required=False)

    def __init__(self, *args: Any, ask: Way | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask not in (Way.CODE, Way.PASSWORD):
            del self.fields["factor"]
            return
        factor = self.fields["factor"]
        factor.label, factor.required = ask.value, True
        factor.autocomplete = "one-time-code" if ask is Way.CODE else "current-password"
        if ask is Way.PASSWORD:
            factor.widget = forms.PasswordInput()
        else:
            factor.inputmode = "numeric"
        factor.error_messages["required"] = (
            "Enter the six digits that your authenticator shows" if ask is Way.CODE else "Enter your password"
        )


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
    reason = ChoiceField(
        label="If you only confirm the face: why?",
        choices=FaceReason.choices,
        required=False,
        mark_optional=False,
    )

    def __init__(self, *args: Any, people: Iterable[Custody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(_people(people))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Wrong tries are cleared with a reason."""
        answers = super().clean() or {}
        if answers.get("what") == FACE and not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Select why you checked the face")
        return answers


class CardForm(GovukForm):
    """Whose card."""

    submit_label = "Make the card"

    person = ChoiceField(label="Who is it for?", select=True, missing="Select the person")

    def __init__(self, *args: Any, people: Iterable[Custody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(_people(people))


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
