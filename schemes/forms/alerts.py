"""Questions about alerts and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.lib.fields import ChoiceField, DayField, PrisonNumberField, WordsField
from buddyscheme.lib.forms import GovukForm
from schemes.models import AlertKind, Meaning


class AlertForm(GovukForm):
    """Which alert, and since when."""

    submit_label = "Record the alert"

    kind = ChoiceField(label="Alert", select=True, missing="Select the alert")
    active_from = DayField(label="Active from")
    active_to = DayField(label="Last day", hint="Leave it empty if no end is known.", required=False)

    def __init__(self, *args: Any, kinds: Iterable[AlertKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].offer([(kind.code, f"{kind.words} ({kind.code})") for kind in kinds])


class NewAlertForm(AlertForm):
    """The same about somebody by prison number."""

    prison_number = PrisonNumberField()

    field_order = ("prison_number", "kind", "active_from", "active_to")


class MeaningForm(GovukForm):
    """What an alert means nationally."""

    versioned = True

    as_buddy = ChoiceField(
        label="What does it mean when this person would be the buddy?",
        choices=Meaning.choices,
        missing="Select what it means for a buddy",
    )
    as_helped = ChoiceField(
        label="What does it mean when this person is the one who is helped?",
        choices=Meaning.choices,
        missing="Select what it means for somebody who is helped",
    )
    reason = WordsField(label="Why does it change?", max_length=200, missing="Enter why the meaning changes")


class PrisonMeaningForm(MeaningForm):
    """The same for one prison, which may also go by the national list."""

    def __init__(self, *args: Any, national: tuple[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, meaning in zip(("as_buddy", "as_helped"), national, strict=True):
            as_nationally = ("NATIONAL", f"As nationally: {str(Meaning(meaning).label).lower()}")
            self.fields[name].offer([as_nationally, *Meaning.choices])
