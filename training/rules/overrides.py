"""When an override may be asked for and decided. Clearance and keep-apart are not among what can be named."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy
from training.models import Override
from training.models.override import LONGEST_DAYS

LONGEST = timedelta(days=LONGEST_DAYS)
# Starting in the role needs the real thing, so an override is for those who have started.
FOR = (Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)


def check_can_ask(buddy: Buddy, *, holds: bool, open_already: bool, ends_on: date, reason: str, today: date) -> None:
    """Something that is missing, once at a time, with a reason, for at most 90 days."""
    if buddy.status not in FOR:
        raise NotAllowed(
            f"{buddy.person.full_name} is not in the role (the record says “{buddy.get_status_display()}”), so there "
            "is nothing to override. Starting as a buddy needs the compact and the modules themselves."
        )
    if holds:
        raise NotAllowed("This is in date, so no override is needed. Select what is missing.", field="what")
    if open_already:
        raise NotAllowed("An override for this is waiting or running already. Open it in the list.", field="what")
    check_ends_on(ends_on, today)
    if not reason.strip():
        raise NotAllowed("Enter why the buddy should go on without it.", field="reason")


def check_ends_on(ends_on: date, today: date) -> None:
    """From tomorrow to 90 days from today."""
    if ends_on <= today:
        raise NotAllowed("The last day of the override must be in the future.", field="ends_on")
    if ends_on > today + LONGEST:
        raise NotAllowed(
            f"The last day of the override must be on or before {day_in_words(today + LONGEST)}.", field="ends_on"
        )


def check_can_decide(
    override: Override, *, decider_id: int | None, lead_id: int, approve: bool, reason: str, today: date
) -> None:
    """The governor's delegate decides: never who asked, never the lead of the scheme, and only once."""
    if override.decision != Override.Decision.WAITING:
        raise NotAllowed(f"This override has been decided already (“{override.get_decision_display()}”).")
    if decider_id == override.asked_by_id:
        raise NotAllowed("You asked for this override, so somebody else has to decide about it.")
    if decider_id == lead_id:
        raise NotAllowed("The lead of the scheme cannot decide about an override. The governor’s delegate does.")
    if override.buddy.status not in Buddy.OPEN:
        raise NotAllowed(
            f"This record is closed (“{override.buddy.get_status_display()}”): there is nothing to decide."
        )
    if approve and override.ends_on < today:
        raise NotAllowed(
            f"The last day asked for ({day_in_words(override.ends_on)}) has passed. Refuse, and have it asked for "
            "again with a new date."
        )
    if not approve and not reason.strip():
        raise NotAllowed("Enter the reason for refusing.", field="reason")
