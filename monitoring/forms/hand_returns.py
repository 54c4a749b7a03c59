"""A quarter returned by hand: at most 12 questions, of which only the source has to be answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.fields import ChoiceField, DayField, NumberField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm
from monitoring.models import HandReturn
from monitoring.models.hand_return import MOST
from monitoring.queries.hand_returns import Known

_EMPTY: dict[str, Any] = {"required": False, "mark_optional": False}
_COUNT: dict[str, Any] = {**_EMPTY, "least": 0, "most": MOST, "width": "4"}


class HandReturnForm(GovukForm):
    """What is known of one prison and quarter. What stays empty is not returned, and never counts as nought."""

    submit_label = "Save this return"
    versioned = True

    sort = ChoiceField(
        label="Is there a buddy scheme?",
        choices=[
            (HandReturn.Sort.FORMAL, "Formal scheme", "People are recruited, trained and given the role"),
            (HandReturn.Sort.INFORMAL, "Informal help", "Prisoners help each other and no scheme stands behind it"),
            (HandReturn.Sort.NONE, "None", "Nobody helps, as far as the prison knows"),
        ],
        **_EMPTY,
    )  # fmt: skip
    help_known = ChoiceField(
        label="Does the prison know of prisoners who help others outside a scheme?", choices=HandReturn.Help.choices,
        inline=True, **_EMPTY,
    )  # fmt: skip
    buddies = NumberField(label="Buddies", hint="At the end of the quarter", **_COUNT)
    trained = NumberField(label="Of these, trained for it", **_COUNT)
    paid = NumberField(label="Of these, paid for it", **_COUNT)
    helped = NumberField(label="People helped", hint="At the end of the quarter, by a scheme or without one", **_COUNT)
    referred = NumberField(label="People referred for help with daily life", hint="In the whole quarter", **_COUNT)
    waiting = NumberField(label="People waiting for a buddy", hint="At the end of the quarter", **_COUNT)
    unmet = NumberField(
        label="People known to go without personal care that they need", hint="At the end of the quarter", **_COUNT
    )
    source = ChoiceField(
        label="Where does this come from?", choices=HandReturn.Source.choices, missing="Select where this comes from"
    )
    source_on = DayField(
        label="Date of the letter, e-mail or call", hint="Or the day on which the records were looked up",
        missing="Enter the date of the letter, e-mail or call",
    )  # fmt: skip

    reason = WordsField(
        label="Why is it corrected?", hint="What was returned before stays on record. Name nobody.", max_length=200,
        missing="Say why the return is corrected",
    )  # fmt: skip

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not correcting:
            del self.fields["reason"]


def answers_of(row: HandReturn | None) -> dict[str, str | int | date | None]:
    """What the form begins with when a return is corrected; where it comes from is asked anew."""
    if row is None:
        return {}
    names = [name for name in HandReturnForm.base_fields if name not in ("form_key", "source", "source_on", "reason")]
    return {name: getattr(row, name) for name in names}


class KnownFilter(FilterForm):
    """Which quarter, and what is known."""

    quarter = ChoiceField(label="Quarter", select=True, nothing_chosen=None)
    known = ChoiceField(
        label="What is known", select=True,
        choices=[
            (Known.RUNS_HERE, "A scheme runs here"), (Known.BY_HAND, "Returned by hand"),
            (Known.NOTHING, "Nothing is known"),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, offered: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].offer([(quarter.code, str(quarter)) for quarter in offered])
