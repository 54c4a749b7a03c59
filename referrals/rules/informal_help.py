"""The register of informal help: what may become of an entry. Nothing here is ever evidence for discipline."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import InformalHelp, Referral

Status = InformalHelp.Status

# An entry may become more than one thing: a referral for one of the two, an application of the other.
TRANSITIONS: dict[str, set[str]] = {
    Status.OPEN: {Status.REFERRED, Status.APPLIED, Status.CONCERN, Status.ENDED},
    Status.REFERRED: {Status.APPLIED, Status.CONCERN, Status.ENDED},
    Status.APPLIED: {Status.REFERRED, Status.CONCERN, Status.ENDED},
    Status.CONCERN: {Status.REFERRED, Status.APPLIED, Status.ENDED},
    Status.ENDED: set(),
}
# After so many days an entry that nobody has looked at stands on the home page as late.
LOOK_WITHIN = timedelta(days=7)
CLOSED = "This entry has ended. Record the help again if it goes on."


def check_can_record(*, here: bool, same: bool, since_on: date | None, today: date) -> None:
    """About somebody who is held here, by somebody else, since a day that has been."""
    if not here:
        raise NotAllowed("This person is no longer on this prison’s list, so nothing was saved.")
    if same:
        raise NotAllowed("Enter the number of the other prisoner, not of the person who is helped.", field="helper")
    if since_on is not None and since_on > today:
        raise NotAllowed("The day since when they help cannot be in the future.", field="since_on")


def check_can_change(entry: InformalHelp, *, version: int) -> None:
    """What is known about it may be filled in until it ends."""
    if entry.status == Status.ENDED:
        raise NotAllowed(CLOSED)
    if entry.version != version:
        raise Stale("this entry")


def check_can_turn(entry: InformalHelp, into: str, *, version: int) -> None:
    """Each thing once; an application needs somebody to apply."""
    if entry.status != Status.ENDED and entry.version != version:
        raise Stale("this entry")
    done: dict[str, int | None] = {
        Status.REFERRED: entry.referral_id,
        Status.APPLIED: entry.application_id,
        Status.CONCERN: entry.concern_id,
    }
    if done.get(into) is not None:
        raise NotAllowed("This was done already. Open the entry to see it.")
    check_transition(TRANSITIONS, entry.status, into, CLOSED)
    if into == Status.APPLIED and entry.helper_id is None:
        raise NotAllowed("It is not known who helps. Fill in who it is first.")


def check_can_end(entry: InformalHelp, *, reason: str, version: int) -> None:
    """Once, and why."""
    check_can_change(entry, version=version)
    if not reason.strip():
        raise NotAllowed("Enter why the help has ended or what replaces it.", field="reason")


def check_can_look(entry: InformalHelp) -> None:
    """Once."""
    if entry.looked_at is not None:
        raise NotAllowed("Somebody has looked at this entry already.")


def is_personal_care(entry: InformalHelp) -> bool:
    """Care that no prisoner may give: a need that is not met."""
    return Referral.NeedArea.PERSONAL in entry.kinds


can_turn = twin(check_can_turn)
can_look = twin(check_can_look)
