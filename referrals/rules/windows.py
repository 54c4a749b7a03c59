"""When a window may be opened and used, and how tries are counted. The numbers are those of the throttle policy."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from buddyscheme.accounts.models import Terminal
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import TerminalEntry, TerminalWindow

Found = TypeVar("Found")

DEFAULT_MINUTES = 30
MOST_MINUTES = 60

# One number in one window: after this many failures the person is sent to the officer.
FAILURES_OF_ONE = 3
# Two or more numbers in one window: after this many in all the window closes for everyone.
FAILURES_OF_MANY = 5
NUMBERS_OF_MANY = 2
# One number over all terminals, in a row: then the officer looks at the face before a code counts again.
FAILURES_IN_A_ROW = 10
# One number in 30 days, since its code was made: then the code ends, and the officer lets a new one be made.
FAILURES_OF_A_CODE = 100
CODE_DAYS = timedelta(days=30)
# Different numbers at one terminal in 24 hours: the lead and security are told. Nobody is kept out by it.
NUMBERS_OF_A_TERMINAL = 4
TERMINAL_TIME = timedelta(hours=24)
# Seconds to wait after the first, second … failure of one number in one window. Refusals with a time, no sleeping.
WAITS = (0, 1, 3, 10, 30)

IDLE = timedelta(minutes=3)
ABSOLUTE = timedelta(minutes=20)
# How long a person who was let in, or a code that was asked for, waits for the tap at the terminal.
UNTOUCHED = timedelta(minutes=3)


def wait_after(failures: int) -> timedelta:
    """How long the next try has to wait after so many failures."""
    return timedelta(seconds=WAITS[min(failures, len(WAITS) - 1)])


def is_open(window: TerminalWindow, now: datetime) -> bool:
    """Open and not past its time."""
    return window.closed_at is None and now < window.ends_at


def is_live(entry: TerminalEntry, now: datetime) -> bool:
    """Somebody is in: not left, not idle for too long, not over the longest time."""
    return entry.ended_at is None and now < entry.last_seen_at + IDLE and now < entry.started_at + ABSOLUTE


def check_can_open(terminal: Terminal, minutes: int) -> None:
    """A machine in use, and a time within the limit."""
    if terminal.withdrawn_at is not None:
        raise NotAllowed("This terminal was withdrawn. Ask an administrator to enrol it again.")
    if not 1 <= minutes <= MOST_MINUTES:
        raise NotAllowed(f"A window lasts from 1 to {MOST_MINUTES} minutes. Choose a shorter time.", field="minutes")


def check_is_officer(closed_by_tries_at: datetime | None, shown_at: datetime | None) -> None:
    """After too many wrong tries the window opens again only for an officer who has shown since that it is they.

    `shown_at` is when they last did, with their own factor. A session left open does not do.
    """
    if closed_by_tries_at is not None and (shown_at is None or shown_at < closed_by_tries_at):
        raise NotAllowed(
            "This terminal closed after too many wrong tries. Show that it is you, then open it again.", field="factor"
        )


def check_can_use(window: TerminalWindow, now: datetime) -> None:
    """Whatever happens in a window needs it open."""
    if not is_open(window, now):
        raise NotAllowed("The window is closed. Open the terminal again first.")


def check_is_here(found: Found | None) -> Found:
    """Whatever was found about somebody who is held here, given back; nothing was found of whoever is not."""
    if found is None:
        raise NotAllowed("This person is not here now.", field="person")
    return found


def check_can_let_in(window: TerminalWindow, entry: TerminalEntry | None, now: datetime) -> None:
    """One person at a time: nobody is let in over the shoulder of another."""
    check_can_use(window, now)
    if entry is not None and entry.key_hash and is_live(entry, now):
        raise NotAllowed("Somebody is using the terminal. Wait until they leave, or end their turn first.")


can_open = twin(check_can_open)
is_officer = twin(check_is_officer)
can_use = twin(check_can_use)
can_let_in = twin(check_can_let_in)
