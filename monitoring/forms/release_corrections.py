"""Publishing a period again."""

from __future__ import annotations

from buddyscheme.lib.fields import WordsField
from buddyscheme.lib.forms import GovukForm


class CorrectForm(GovukForm):
    """Why there are two."""

    submit_label = "Publish the correction"

    reason = WordsField(
        label="Why are the figures published again?",
        max_length=500,
        lines=4,
        missing="Enter why the figures are published again",
        hint="Readers of both releases see this. Name nobody, and give no numbers.",
    )
