"""Which digests to show, and choosing what to be told about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.fields import ChoiceField, MultipleChoiceField
from buddyscheme.lib.forms import FilterForm, GovukForm
from monitoring.digests import HowOften, by_heading
from monitoring.measures.definition import Measure

UNREAD = "unread"


class DigestFilter(FilterForm):
    """All of them, or those that are not read."""

    show = ChoiceField(label="Show", select=True, choices=[(UNREAD, "Not read yet")])


class DigestForm(GovukForm):
    """How often, and figures under the headings of a report; nationally prisons as well."""

    submit_label = "Save this choice"

    how_often = ChoiceField(
        label="How often do you want to be told?", choices=HowOften.choices, missing="Select how often"
    )

    def __init__(self, *args: Any, measures: Iterable[Measure], prisons: Iterable[Prison], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_measures: list[str] = []
        for number, (heading, theirs) in enumerate(by_heading(measures).items(), start=1):
            name = f"figures_{number}"
            self.of_measures.append(name)
            self.fields[name] = MultipleChoiceField(
                label=heading, choices=[(each.code, f"{each.title} ({each.code})") for each in theirs],
                required=False, mark_optional=False, hint="Figures about this",
            )  # fmt: skip
        choices = [(prison.code, prison.name) for prison in prisons]
        if choices:
            self.fields["prisons"] = MultipleChoiceField(
                label="Prisons", choices=choices, required=False, mark_optional=False,
                hint="You are told about all prisons together, and about each prison that you tick",
            )  # fmt: skip

    @staticmethod
    def beginning(measures: Iterable[Measure], how_often: str, chosen: list[str], prisons: list[str]) -> dict[str, Any]:
        """What is ticked when the page opens, by field."""
        return {
            "how_often": how_often,
            "prisons": prisons,
            **{f"figures_{number}": chosen for number in range(1, len(by_heading(measures)) + 1)},
        }

    @property
    def choice(self) -> dict[str, Any]:
        """What was chosen, as the action takes it."""
        said = self.cleaned_data
        return {
            "how_often": said["how_often"],
            "measures": [code for name in self.of_measures for code in said[name]],
            "prisons": list(said.get("prisons", [])),
        }
