"""Signing a quarter, and opening it again."""

from __future__ import annotations

from buddyscheme.lib.fields import WordsField
from buddyscheme.lib.forms import GovukForm


class SignQuarterForm(GovukForm):
    """One button, and room for a note."""

    submit_label = "Sign this quarter"

    note = WordsField(
        label="Note", hint="What a reader of the figures should know. Name nobody.", max_length=300, required=False
    )


class ReopenQuarterForm(GovukForm):
    """The reason."""

    submit_label = "Open this quarter again"

    words = WordsField(
        label="Why is it opened again?", max_length=300, missing="Enter why the quarter is opened again",
        hint="The first signature stays on record, with this reason.",
    )  # fmt: skip
