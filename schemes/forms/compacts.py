"""Questions about a new version of the compact."""

from __future__ import annotations

from django import forms

from buddyscheme.lib.fields import DayField, WordsField, YesNoField
from buddyscheme.lib.forms import OUT_OF_DATE, GovukForm


class PublishCompactForm(GovukForm):
    """The words in three formats, and two dates. `after` is the version that was the newest on the page."""

    submit_label = "Publish this version"
    warning = True

    text = WordsField(label="Words in English", max_length=8000, lines=16, missing="Enter the words in English")
    text_cy = WordsField(label="Words in Welsh", max_length=9000, lines=16, missing="Enter the words in Welsh")
    welsh_checked = YesNoField(label="Has a translator checked the Welsh?")
    text_easy = WordsField(
        label="Words in easy read",
        hint="Short sentences, one thing in each.",
        max_length=8000,
        lines=16,
        missing="Enter the words in easy read",
    )
    in_force_from = DayField(label="In force from")
    sign_by = DayField(
        label="Signed again by",
        hint="Until the end of that day the older signature holds. After it, no new match begins without a new one.",
    )
    after = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    )
