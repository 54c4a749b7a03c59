"""Questions of a keep-apart record."""

from __future__ import annotations

from buddyscheme.lib.fields import Choice, ChoiceField, PrisonNumberField
from buddyscheme.lib.forms import GovukForm
from schemes.models import KeepApart


class KeepApartForm(GovukForm):
    """Two people, how far apart, and why."""

    submit_label = "Save the record"

    person_number = PrisonNumberField(
        label="Prison number of one person", missing="Enter the prison number of one person"
    )
    other_number = PrisonNumberField(
        label="Prison number of the other person", hint="", missing="Enter the prison number of the other person"
    )
    restriction = ChoiceField(
        label="How far apart?",
        choices=[
            Choice(value=KeepApart.Restriction.CELL, text="Not in one cell"),
            Choice(value=KeepApart.Restriction.LANDING, text="Not in one cell or on one landing"),
            Choice(value=KeepApart.Restriction.WING, text="Not in one cell, on one landing or on one wing"),
        ],
        hint="A buddy is never matched with the other person, whatever you choose here.",
        missing="Select how far apart they are kept",
    )
    reason = ChoiceField(
        label="Reason",
        choices=KeepApart.Reason.choices,
        hint="Shown only to staff who may see keep-apart records.",
        missing="Select the reason",
    )
