"""Questions about people, where they are, and what other prisons say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.fields import (
    Choice,
    ChoiceField,
    DayField,
    NumberField,
    PrisonNumberField,
    WordsField,
)
from buddyscheme.lib.forms import FilterForm, GovukForm
from schemes.models import Custody, CustodyClaim, Person


class SearchForm(GovukForm):
    """One box. Posted, so that no name or number stands in an address."""

    submit_label = "Search"

    words = WordsField(
        label="Name or prison number",
        max_length=80,
        width="20",
        missing="Enter a name or a prison number",
        autocomplete="off",
    )


class PeopleFilter(FilterForm):
    """Which wing."""

    wing = ChoiceField(label="Wing", select=True)

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.code, wing.name) for wing in wings])  # type: ignore[attr-defined]


class PlaceForm(GovukForm):
    """Where somebody is."""

    wing = ChoiceField(label="Wing", select=True, missing="Select the wing")
    landing = NumberField(label="Landing", hint="0 is the ground floor.", least=0, most=20, width="2", required=False)
    cell = WordsField(label="Cell", hint="As on the door, for example 2‑14.", max_length=12, width="10", required=False)

    def __init__(self, *args: Any, wings: Iterable[Wing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wing"].offer([(wing.token, wing.name) for wing in wings])  # type: ignore[attr-defined]


class AddPersonForm(PlaceForm):
    """A person who is not on the list yet."""

    submit_label = "Add this person"

    prison_number = PrisonNumberField()
    first_name = WordsField(label="First name", max_length=60, autocomplete="off")
    last_name = WordsField(label="Last name", max_length=60, autocomplete="off")
    born_on = DayField(label="Date of birth", hint="For example, 27 3 1951", required=False)

    field_order = ("prison_number", "first_name", "last_name", "born_on", "wing", "landing", "cell")


class DetailsForm(GovukForm):
    """What is known about a person."""

    versioned = True

    first_name = WordsField(label="First name", max_length=60, autocomplete="off")
    last_name = WordsField(label="Last name", max_length=60, autocomplete="off")
    preferred_name = WordsField(
        label="Name the person likes to be called", max_length=60, required=False, autocomplete="off"
    )
    born_on = DayField(label="Date of birth", hint="For example, 27 3 1951", required=False)
    sex = ChoiceField(label="Sex", choices=Person.Sex.choices)
    ethnicity = ChoiceField(label="Ethnic group", choices=Person.Ethnicity.choices, hint="As the person says.")
    disability = ChoiceField(
        label="Does the person have a disability?", choices=Person.Disability.choices, inline=True, hint="As they say."
    )
    languages = WordsField(
        label="Languages the person speaks",
        hint="With commas between them, for example Welsh, English.",
        max_length=200,
        required=False,
    )

    def clean_languages(self) -> list[str]:
        return [word.strip()[:30] for word in self.cleaned_data["languages"].split(",") if word.strip()]


class LeftForm(GovukForm):
    """Why somebody is no longer here."""

    submit_label = "Record that the person has left"
    warning = True

    reason = ChoiceField(
        label="Why did the person leave?", choices=Custody.EndReason.choices, missing="Select why the person left"
    )
    moved_to = ChoiceField(
        label="Which prison have they moved to?",
        hint="Leave this empty if they have not moved to another prison, or if it is not known.",
        select=True,
        nothing_chosen="No prison selected",
        required=False,
        mark_optional=False,
    )

    def __init__(self, *args: Any, prisons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_to"].offer(prisons)


class ReleaseDateForm(GovukForm):
    """When somebody is to be released."""

    release_on = DayField(
        label="When is the person to be released?",
        hint="For example, 27 3 2027. Leave this empty if the date is not known.",
        required=False,
        mark_optional=False,
    )


class ClaimForm(GovukForm):
    """Where is the person?"""

    submit_label = "Answer"

    answer = ChoiceField(
        label="Where is this person now?",
        choices=[
            Choice(
                value=CustodyClaim.Answer.MOVED,
                text="At the other prison",
                hint="The time at this prison ends, and the other prison takes the record over.",
            ),
            Choice(
                value=CustodyClaim.Answer.STILL_HERE,
                text="Still here",
                hint="Nothing changes here. Ring the other prison, because one of the two lists is wrong.",
            ),
        ],
        missing="Select whether the person has moved or is still here",
    )


class MergeForm(GovukForm):
    """Which other number is the same person, and which one is kept."""

    submit_label = "Join the two records"
    warning = True

    other_number = PrisonNumberField(label="The person’s other prison number")
    keep = ChoiceField(label="Which number is kept?", missing="Select which number is kept")

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].offer([("THIS", number), ("OTHER", "The other number")])
