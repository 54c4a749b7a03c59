"""When people may be added, moved and claimed."""

from __future__ import annotations

import re
from datetime import date, datetime

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.fields import PRISON_NUMBER
from buddyscheme.lib.rules import twin
from schemes.models import Custody, CustodyClaim, Person

# What a buddy's record says when it ended because the person left the prison.
END_WORDS: dict[str, str] = {**dict(Custody.EndReason.choices), Custody.EndReason.OTHER: "Left this prison"}

# "2-14" and "A2-14" are on landing 2; of other ways to number cells nothing is known.
CELL_LANDING = re.compile(r"[A-Z]?(\d{1,2})[-/ ‑]\d", re.ASCII)


def check_can_add_person(already_here: Person | None, prison_number: str) -> None:
    """The number has the right shape, and nobody here has it."""
    if not PRISON_NUMBER.fullmatch(prison_number):
        raise NotAllowed(
            "Enter a prison number as one letter, four digits and two letters, like A1234BC.", field="prison_number"
        )
    if already_here is not None:
        raise NotAllowed(
            "Somebody with this prison number is on this prison’s list already. "
            "Search for the number to open the record.",
            field="prison_number",
        )


def check_cell(cell: str, landing: int | None, wing: str) -> int | None:
    """A cell that is numbered by its landing is on that landing. Returns the landing that the cell names.

    `wing` is its code, which may stand in front: "W11-02" on wing W1 is on landing 1.
    """
    found = CELL_LANDING.match(cell.strip().upper().removeprefix(wing.strip().upper()))
    if found is None:
        return None
    if landing is not None and int(found[1]) != landing:
        raise NotAllowed(f"Cell {cell} is not on landing {landing}. Check both.", field="cell")
    return int(found[1])


def check_place(prison: Prison, wing: Wing | None, landing: int | None, cell: str = "") -> None:
    """A wing of this prison that is in use, and a landing and a cell that it has (0 is the ground floor)."""
    if wing is None:
        return
    if wing.prison_id != prison.pk or wing.closed:
        raise NotAllowed("Select a wing of this prison that is in use.", field="wing")
    if landing is not None and not 0 <= landing <= wing.landings:
        raise NotAllowed(f"{wing.name} has landings up to {wing.landings}. Check the landing.", field="landing")
    named = check_cell(cell, landing, wing.code)
    if named is not None and named > wing.landings:
        raise NotAllowed(
            f"{wing.name} has landings up to {wing.landings}, so there is no cell {cell}. Check the cell and the wing.",
            field="cell",
        )


def check_born(born_on: date | None, today: date) -> None:
    """Old enough to be in an adult prison or a young offender institution, and not older than anybody."""
    if born_on is not None and not 15 <= (today - born_on).days / 365.25 < 120:
        raise NotAllowed("Check the date of birth: the person would be under 15 or over 120.", field="born_on")


def check_can_change_person(person: Person, version: int) -> None:
    """Nobody saved in between."""
    if person.version != version:
        raise Stale("this person’s details")


def check_can_move(custody: Custody) -> None:
    """Only somebody who is here."""
    if custody.ended_at is not None:
        raise NotAllowed("This person is no longer at this prison, so nothing about a stay here can be recorded.")


def check_can_end_custody(
    custody: Custody, reason: str, moved_to: Prison | None = None, left_at: datetime | None = None
) -> None:
    """Once, with a reason from the list, after the arrival; another prison only for somebody who moved."""
    if custody.ended_at is not None:
        raise NotAllowed("It is recorded already that this person has left.")
    if reason not in Custody.EndReason.values:
        raise NotAllowed("Select why the person left.", field="reason")
    if left_at is not None and left_at <= custody.started_at:
        raise NotAllowed("The person came to this prison’s list after that. Check when they left.")
    if moved_to is None:
        return
    if reason != Custody.EndReason.TRANSFER:
        raise NotAllowed("Select a prison only for somebody who has moved to another prison.", field="moved_to")
    if moved_to.pk == custody.prison_id:
        raise NotAllowed("Select the prison that the person has moved to.", field="moved_to")


def check_can_set_release(custody: Custody, release_on: date | None, today: date) -> None:
    """Of somebody who is here; today or later."""
    check_can_move(custody)
    check_release(release_on, today)


def check_release(release_on: date | None, today: date) -> None:
    """Today or later."""
    if release_on is not None and release_on < today:
        raise NotAllowed("Enter a release date from today on, or record that the person has left.", field="release_on")


def check_can_answer_claim(claim: CustodyClaim, answer: str) -> None:
    """Once, with one of the two answers."""
    if claim.answered_at is not None:
        raise NotAllowed("This has been answered already.")
    if answer not in CustodyClaim.Answer.values:
        raise NotAllowed("Select whether the person has moved or is still here.", field="answer")


can_answer_claim = twin(check_can_answer_claim)
can_end_custody = twin(check_can_end_custody)
