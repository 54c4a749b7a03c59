"""When a key of a program may be made, used and revoked, and how often it may ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin

LONGEST_DAYS = 366
# Requests of one key in a minute: a whole release of 122 prisons is some seventy pages.
TURNS_OF_A_KEY = 120
KEY_WINDOW = timedelta(minutes=1)
# Wrong keys from one address. A right key is never kept out by them: many people may stand behind one address.
WRONG_OF_AN_ADDRESS = 20
ADDRESS_WINDOW = timedelta(minutes=15)


def check_can_make(*, name: str, purpose: str, contact: str, expires_on: date, today: date, taken: bool) -> None:
    """It says whose it is, for what, and whom to ask; it ends within a year; its name is no other open key's."""
    if not name.strip():
        raise NotAllowed("Enter which program reads the figures.", field="name")
    if not purpose.strip():
        raise NotAllowed("Enter what the figures are used for.", field="purpose")
    if not contact.strip():
        raise NotAllowed("Enter who answers for the program.", field="contact")
    if expires_on <= today:
        raise NotAllowed("The last day must be after today.", field="expires_on")
    if (expires_on - today).days > LONGEST_DAYS:
        raise NotAllowed(
            f"A key lasts a year at most: until {day_in_words(today + timedelta(days=LONGEST_DAYS))}.",
            field="expires_on",
        )
    if taken:
        raise NotAllowed("There is a key of this name. Revoke it first, or choose another name.", field="name")


def check_can_revoke(*, revoked_at: datetime | None, reason: str) -> None:
    """Once, with the reason."""
    if revoked_at is not None:
        raise NotAllowed("This key is revoked already.")
    if not reason.strip():
        raise NotAllowed("Enter why the key is revoked.", field="reason")


def check_can_use(*, expires_on: date, revoked_on: date | None, today: date) -> None:
    """Until it is revoked, and to the end of its last day."""
    if revoked_on is not None:
        raise NotAllowed(f"This key was revoked on {day_in_words(revoked_on)}. Ask whoever gave it to you.")
    if today > expires_on:
        raise NotAllowed(f"This key expired on {day_in_words(expires_on)}. Ask whoever gave it to you for a new one.")


can_use = twin(check_can_use)
