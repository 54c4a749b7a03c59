"""How many people a prison holds, in all and by group."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper

from buddyscheme.lib.dates import Month
from buddyscheme.lib.fields import ChoiceField, DayField, FileField, NumberField, WordsField
from buddyscheme.lib.forms import GovukForm
from monitoring.measures.groups import BY_WORDS
from monitoring.population_file import ENTERED, FILE_ALONE, MOST_PEOPLE, TOTAL, Counts, groups_of

FILE_WORDS = {"religion": "Religion", "orientation": "Sexual orientation"}


class PopulationForm(GovukForm):
    """One box for the prison and one for each group. A breakdown whose boxes are all empty is not known."""

    submit_label = "Save this count"
    action: str = ""

    def __init__(self, *args: Any, months: list[Month], counts: Counts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"] = ChoiceField(
            label="Month", select=True, choices=[(each.code, str(each)) for each in months], missing="Select the month"
        )
        self.fields["source"] = WordsField(
            label="Where does the count come from?", hint="For example, the prison’s population report", max_length=200,
            missing="Say where the count comes from",
        )  # fmt: skip
        self.fields["counted_on"] = DayField(label="Day of the count")
        self.keys: dict[str, tuple[str, str]] = {"total": TOTAL}
        self.fields["total"] = self._number("People in the prison", counts.get(TOTAL), required=True)
        for by in ENTERED:
            for group, words in groups_of(by).items():
                self._add(f"{by.value}_{group}", (by.value, group), f"{BY_WORDS[by]}: {words}", counts)
        posted = [tuple(name.split("_", 1)) for name in self.data if name.split("_", 1)[0] in FILE_ALONE]
        for which, group in sorted({*(key for key in counts if key[0] in FILE_ALONE), *posted}):
            label = f"{FILE_WORDS[which]}: {group.replace('-', ' ')}"
            self._add(f"{which}_{group}", (which, group), label, counts)

    @property
    def helper(self) -> FormHelper:
        """The form goes to its own page, also when a file has filled it in."""
        helper = super().helper
        helper.form_action = self.action
        return helper

    def _add(self, name: str, key: tuple[str, str], label: str, counts: Counts) -> None:
        self.keys[name] = key
        self.fields[name] = self._number(label, counts.get(key), required=False)

    def _number(self, label: str, count: int | None, *, required: bool) -> NumberField:
        return NumberField(
            label=label,
            least=0,
            most=MOST_PEOPLE,
            required=required,
            mark_optional=False,
            initial=count,
            missing="Enter the people in the prison",
        )

    @property
    def counts(self) -> Counts:
        """What was typed. In a breakdown with any answer an empty box is nought."""
        said = {key: self.cleaned_data.get(name) for name, key in self.keys.items() if key != TOTAL}
        given = {key[0] for key, count in said.items() if count is not None}
        return {key: count or 0 for key, count in said.items() if key[0] in given}


class PopulationFileForm(GovukForm):
    """A file with one group in each row."""

    submit_label = "Read this file"

    file = FileField(label="File", hint="CSV", endings=(".csv",), most_megabytes=1, missing="Choose the file")
