"""Publishing a year."""

from __future__ import annotations

from typing import Any

from buddyscheme.lib.dates import Year
from buddyscheme.lib.fields import ChoiceField, WordsField
from buddyscheme.lib.forms import GovukForm


class PublishYearForm(GovukForm):
    """Which financial year, and a note for readers."""

    submit_label = "Publish"

    year = ChoiceField(label="Financial year", missing="Select a year")
    note = WordsField(label="Note for readers", max_length=500, lines=3, required=False)

    def __init__(self, *args: Any, offered: list[Year], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].offer([(year.code, str(year)) for year in offered])
