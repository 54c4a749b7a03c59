"""Giving a role, and adding a wing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from buddyscheme.accounts.departments import department_name
from buddyscheme.accounts.roles import ROLES, HeldAt
from buddyscheme.lib.fields import Choice, ChoiceField, DayField, NumberField, WordsField
from buddyscheme.lib.forms import GovukForm


class GiveRoleForm(GovukForm):
    """Who, which role, from when."""

    submit_label = "Give the role"

    email = forms.EmailField(
        label="Work e-mail address",
        max_length=254,
        error_messages={
            "required": "Enter the person’s work e-mail address",
            "invalid": "Enter an e-mail address, like name@organisation.gov.uk",
        },
    )
    name = WordsField(label="Name", max_length=120, missing="Enter the person’s name")
    role = ChoiceField(
        label="Role",
        choices=[
            Choice(value=role.code, text=role.name, hint=role.sentence[:1].upper() + role.sentence[1:])
            for role in ROLES.values()
            if role.held_at is HeldAt.PRISON
        ],
        missing="Select a role",
    )
    department = ChoiceField(
        label="Department, for a department signatory",
        select=True,
        required=False,
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day, if it is known", required=False)

    def __init__(self, *args: Any, departments: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].offer([("", "None"), *((code, department_name(code)) for code in departments)])


class WingForm(GovukForm):
    """A wing's code, name and landings."""

    submit_label = "Add the wing"

    code = WordsField(label="Code", hint="The short form on cell doors, such as A or HB1", max_length=8, width="5")
    name = WordsField(label="Name", hint="As people say it, such as A wing", max_length=40, width="20")
    landings = NumberField(label="Number of landings", least=1, most=9)
