"""One figure that others hold: which period, the number, and where it comes from."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from buddyscheme.lib.dates import Quarter, Year
from buddyscheme.lib.fields import ChoiceField, DayField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.measures.definition import Kind, Measure

NUMBER = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


class TypedForm(GovukForm):
    """The fields depend on the measure: a number, a percentage, pounds, or one of a fact's answers with its day."""

    submit_label = "Save this figure"

    def __init__(self, *args: Any, measure: Measure, periods: list[Quarter | Year], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure = measure
        self.fields["period"] = ChoiceField(
            label="Which period?", select=True, choices=[(each.code, str(each)) for each in periods],
            missing="Select the period",
        )  # fmt: skip
        self.fields["value"] = self._value_field()
        if measure.kind is Kind.FACT:
            self.fields["fact_on"] = DayField(label="Since which day?", required=False)
        self.fields["source"] = WordsField(
            label="Where does it come from?", hint="A report and its date, or who said so and when", max_length=200,
            missing="Say where the figure comes from",
        )  # fmt: skip

    def _value_field(self) -> Any:
        if self.measure.kind is Kind.FACT:
            return ChoiceField(
                label=self.measure.answers,
                choices=[(str(number), words) for number, words in self.measure.facts.items()],
                missing="Select one of the answers",
            )
        unit = "%" if self.measure.kind is Kind.SHARE else self.measure.unit
        field = WordsField(
            label=self.measure.title, hint=f"In {unit}. Leave it empty if nobody knows.", max_length=14, required=False,
            mark_optional=False,
        )  # fmt: skip
        field.width = "5"
        return field

    def clean_value(self) -> Decimal | None:
        """The number as it is stored: a percentage as a fraction of 1."""
        typed = str(self.cleaned_data.get("value") or "").replace(",", "").strip().removeprefix("£").removesuffix("%")
        if not typed:
            return None
        if typed.startswith(("-", "−")):
            raise ValidationError("The number cannot be below nought. Enter it like 12 or 12.5")
        if not NUMBER.fullmatch(typed):
            raise ValidationError("Enter a number like 12 or 12.5, or leave it empty if nobody knows")
        value = Decimal(typed)
        return value / 100 if self.measure.kind is Kind.SHARE else value
