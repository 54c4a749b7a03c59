"""Publishing a release, and choosing what of one is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.fields import ChoiceField, MultipleChoiceField, WordsField
from buddyscheme.lib.forms import FilterForm, GovukForm

NOTHING = "Nothing"
"""A list that may stay without an answer: compared with nothing, no kind marked."""


class PublishForm(GovukForm):
    """Which quarter, and a note for readers."""

    submit_label = "Publish"

    quarter = ChoiceField(label="Quarter", missing="Select a quarter")
    note = WordsField(label="Note for readers", max_length=500, lines=3, required=False)

    def __init__(self, *args: Any, offered: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].offer([(quarter.code, str(quarter)) for quarter in offered])


class BesideForm(FilterForm):
    """A GET form: an earlier release to hold this one against, and which kind of prison the picture marks."""

    beside = ChoiceField(label="Compare with", select=True, required=False)
    like = ChoiceField(label="Mark prisons of one kind", select=True, required=False)

    def __init__(self, *args: Any, earlier: Sequence[tuple[str, str]], kinds: set[str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["beside"].offer(earlier)
        self.fields["beside"].nothing_chosen = NOTHING
        if kinds is None:
            del self.fields["like"]
        else:
            self.fields["like"].offer([(kind.value, kind.label) for kind in Prison.Kind if kind in kinds])
            self.fields["like"].nothing_chosen = "None"


class ChosenForm(FilterForm):
    """A GET form: which measures, and which prisons beside all of them together. Its address can be kept."""

    measure = MultipleChoiceField(label="Measures", required=False)
    prison = MultipleChoiceField(label="Prisons", required=False)

    def __init__(
        self, *args: Any, measures: Sequence[tuple[str, str]], prisons: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].offer(measures)
        self.fields["prison"].offer(prisons)
