"""Publishing a quarter."""

from __future__ import annotations

from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.fields import ChoiceField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm


class PublishForm(GovukForm):
    """Which quarter, and a note for readers."""

    submit_label = "Publish"

    quarter = ChoiceField(label="Quarter", missing="Select a quarter")
    note = WordsField(label="Note for readers", max_length=500, lines=3, required=False)

    def __init__(self, *args: Any, offered: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].offer([(quarter.code, str(quarter)) for quarter in offered])


class LikeForm(FilterForm):
    """A GET form with one list: which kind of prison the pictures mark."""

    like = ChoiceField(label="Mark prisons of one kind", select=True, required=False)

    def __init__(self, *args: Any, kinds: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like"].offer([(kind.value, kind.label) for kind in Prison.Kind if kind in kinds])
