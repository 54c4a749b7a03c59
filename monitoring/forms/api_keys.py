"""Making and revoking the key of a program."""

from __future__ import annotations

from buddyscheme.lib.fields import DayField, WordsField
from buddyscheme.lib.forms import GovukForm


class ApiKeyForm(GovukForm):
    """Whose program, for what, who answers for it, and until when."""

    submit_label = "Make this key"

    name = WordsField(
        label="Program",
        hint="What reads the figures, and whose it is, like “Dashboard of the inspectorate”",
        max_length=80,
        missing="Enter which program reads the figures",
    )
    purpose = WordsField(
        label="What are the figures used for?", max_length=200, missing="Enter what the figures are used for"
    )
    contact = WordsField(
        label="Who answers for the program?",
        hint="A name with a work e-mail address or telephone number",
        max_length=120,
        missing="Enter who answers for the program",
    )
    expires_on = DayField(label="Last day of the key", hint="A year from today at the latest")


class RevokeKeyForm(GovukForm):
    """The reason."""

    submit_label = "Revoke this key"
    warning = True

    reason = WordsField(label="Why is it revoked?", max_length=200, missing="Enter why the key is revoked")
