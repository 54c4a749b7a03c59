"""A quarter's costs: at most 12 boxes, each of which may stay empty."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.fields import DayField, HoursField, MoneyField, NumberField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.costs import DEFAULT_TIMES
from monitoring.models.cost import MOST_PENCE, MOST_YEARS

_EMPTY = {"required": False, "mark_optional": False}


def default_times_words() -> str:
    """The default times in one sentence, for the hint."""
    each = [f"{time.minutes} minutes for each {time.one}" for time in DEFAULT_TIMES.values()]
    return f"Worked out from your records with times of ours: {', '.join(each)}. Change it to what you know."


class CostsForm(GovukForm):
    """What the scheme cost in one quarter. An empty box means that it is not known."""

    submit_label = "Return these costs"
    versioned = True

    lead_hours = HoursField(
        label="Hours of the lead and others with protected time",
        hint="From the protected time entered here. Change it if hours are missing.",
        figures=5,
        **_EMPTY,
    )
    lead_rate_pence = MoneyField(
        label="Cost of one of these hours", hint="Pay and on-costs of the grade", most=MOST_PENCE, **_EMPTY
    )
    staff_hours = HoursField(label="Hours of other staff", hint=default_times_words(), figures=5, **_EMPTY)
    staff_rate_pence = MoneyField(
        label="Cost of one hour of other staff", hint="Pay and on-costs of the usual grade", most=MOST_PENCE, **_EMPTY
    )
    training_pence = MoneyField(
        label="Training: outside trainers and materials", hint="0 if there was no such cost", most=MOST_PENCE, **_EMPTY
    )
    contract_pence = MoneyField(
        label="Contract with a charity or care provider", hint="This quarter’s part of the price. 0 if there is none",
        most=MOST_PENCE, **_EMPTY,
    )  # fmt: skip
    equipment_pence = MoneyField(
        label="Equipment and consumables", hint="Wheelchairs, aids, gloves. 0 if nothing was bought", most=MOST_PENCE,
        **_EMPTY,
    )  # fmt: skip
    setup_pence = MoneyField(
        label="Cost of setting the scheme up, once", hint="The whole of it. 0 if there was none", most=MOST_PENCE,
        **_EMPTY,
    )  # fmt: skip
    setup_years = NumberField(
        label="Spread over how many years", hint="In equal parts", least=1, most=MOST_YEARS, unit="years", width="2",
        **_EMPTY,
    )  # fmt: skip
    council_percent = NumberField(
        label="Share of the whole that the council pays", least=0, most=100, unit="%", width="3", **_EMPTY
    )
    health_percent = NumberField(label="Share that the NHS pays", least=0, most=100, unit="%", width="3", **_EMPTY)
    grant_percent = NumberField(
        label="Share that a grant pays", hint="The prison pays what is left of 100%", least=0, most=100, unit="%",
        width="3", **_EMPTY,
    )  # fmt: skip

    def __init__(self, *args: Any, closed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if closed:
            self.fields["reason"] = WordsField(
                label="Why do these costs change?", hint="The quarter is closed: others may have used its figures.",
                max_length=200, missing="Say why these costs change",
            )  # fmt: skip


class PriceIndexForm(GovukForm):
    """The GDP deflator of one financial year."""

    submit_label = "Enter this index"

    begins = NumberField(
        label="Financial year that begins in April of", hint="2025 for 2025 to 2026", least=1955, most=2100,
        missing="Enter the year in which it begins",
    )  # fmt: skip
    index = WordsField(
        label="Index", hint="As it was published, like 102.789", max_length=10, missing="Enter the index"
    )
    source = WordsField(
        label="Where it was published", hint="For example, GDP deflators at market prices, HM Treasury, September 2026",
        max_length=120, missing="Enter where it was published",
    )  # fmt: skip
    published_on = DayField(label="Day it was published")
