"""Departments beside the four that sign clearance everywhere: how they are named, and from when they count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from buddyscheme.accounts.departments import DEPARTMENTS, LONGEST_NAME, NAME, code_of, department_name
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from schemes.models.scheme import ALWAYS

# What is offered: time for those who already do the job to be cleared.
USUAL_TIME = timedelta(days=28)
LONGEST_TIME = timedelta(days=366)


def check_can_add_department(name: str, *, held: Iterable[str], needed_from: date, today: date) -> str:
    """A name that is not taken, in whatever case, and a day from today on. Returns the code under which it is kept."""
    name = " ".join(name.split())
    if not name:
        raise NotAllowed("Enter the name of the department.", field="name")
    if len(name) > LONGEST_NAME:
        raise NotAllowed(f"Shorten the name: there is room for {LONGEST_NAME} characters.", field="name")
    if not NAME.fullmatch(name):
        raise NotAllowed("Write the name with letters, numbers and spaces, for example Chaplaincy.", field="name")
    code = code_of(name)
    taken = {known.lower() for known in (*held, *(department_name(one) for one in held))}
    if code.lower() in taken:
        raise NotAllowed(f"{department_name(code)} signs clearance here already. Enter another name.", field="name")
    if needed_from < today:
        raise NotAllowed("The day from which it counts must be today or later.", field="needed_from")
    if needed_from > today + LONGEST_TIME:
        raise NotAllowed(
            f"The day from which it counts must be on or before {day_in_words(today + LONGEST_TIME)}.",
            field="needed_from",
        )
    return code


def check_can_end_department(code: str, *, held: Iterable[str]) -> None:
    """The four sign everywhere; others of this scheme may be taken out."""
    if code in ALWAYS:
        raise NotAllowed(f"{DEPARTMENTS[code]} signs clearance at every prison and cannot be taken out.")
    if code not in held:
        raise NotAllowed(f"{department_name(code)} does not sign clearance here any more.")


can_end_department = twin(check_can_end_department)
