"""Terminals, windows and people in them, made by the actions that the pages call. Run inside `with at_prison(here):`.

terminal, key = terminal_on(wing, admin, now)      a machine; the key is what its browser holds
window = window_at(terminal, officer, now)
digits = code_for(person, window, officer, now)
browser(key).post("/terminal/enter/", …)           outside of the block
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Terminal, User, Wing
from buddyscheme.lib.dates import london_today
from referrals import codes, devices
from referrals.actions import cards as card_actions
from referrals.actions import codes as code_actions
from referrals.actions.concerns import raise_concern
from referrals.actions.danger import say_danger
from referrals.actions.entries import enter_with_code, let_in, take_up
from referrals.actions.hand_ons import hand_on
from referrals.actions.own_wishes import say_going
from referrals.actions.receivers import record_leave
from referrals.actions.terminals import enrol_terminal
from referrals.actions.windows import open_window
from referrals.models import (
    CardScan,
    Concern,
    DangerCall,
    HandOn,
    OwnWish,
    ReceiverLeave,
    TerminalCard,
    TerminalEntry,
    TerminalWindow,
)
from schemes.models import Person
from tests.cast import acts


def terminal_on(
    wing: Wing, by: User, now: datetime, name: str = "A wing terminal", *, has_headset: bool = False
) -> tuple[Terminal, str]:
    """An enrolled machine and the key that its browser holds."""
    key = codes.new_key()
    terminal = enrol_terminal(
        by=acts(by, wing.prison), now=now, prison=wing.prison, wing=wing, name=name, device_key=key,
        has_headset=has_headset,
    )  # fmt: skip
    return terminal, key


def window_at(terminal: Terminal, by: User, now: datetime, minutes: int = 30) -> TerminalWindow:
    """A window that an officer opens."""
    return open_window(by=acts(by, terminal.prison), now=now, terminal=terminal, minutes=minutes)


def at(window: TerminalWindow, person: Person) -> Actor:
    """The actor behind somebody who is in."""
    return Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk)


def code_for(person: Person, window: TerminalWindow, by: User, now: datetime) -> str:
    """The digits that the terminal shows this person."""
    issued = code_actions.allow_code(
        by=acts(by, window.prison), now=now, prison=window.prison, person=person, window=window
    )
    return code_actions.make_code(by=at(window, person), now=now, issued=issued)


def numbers_tried(window: TerminalWindow, now: datetime, many: int = 4) -> None:
    """So many different numbers, each tried once with a wrong code, in transactions as the page makes them."""
    for number in range(many):
        enter_with_code(now=now, window=reopened(window), prison_number=f"Z{number:04d}ZX", code="902715")


def reopened(window: TerminalWindow) -> TerminalWindow:
    """The terminal's window as it is, or a new one where tries have closed it."""
    window.refresh_from_db()
    if window.closed_at is None:
        return window
    by = acts(window.opened_by, window.prison)
    return open_window(by=by, now=window.opened_at, terminal=window.terminal, minutes=30, shown_at=window.closed_at)


def entry_of(person: Person, window: TerminalWindow, by: User, now: datetime) -> tuple[TerminalEntry, str]:
    """Somebody let in by an officer who has tapped "Continue", and the key that their browser holds."""
    key = codes.new_key()
    entry = let_in(by=acts(by, window.prison), now=now, window=window, person=person)
    return take_up(by=at(window, person), now=now, entry=entry, key=key), key


def card_for(person: Person, prison: Prison, by: User, now: datetime) -> TerminalCard:
    """A printed card."""
    return card_actions.issue_card(by=acts(by, prison), now=now, prison=prison, person=person)


def scanned(card: TerminalCard, window: TerminalWindow, now: datetime) -> tuple[CardScan, str]:
    """A card that was held to the scanner, and the key that the browser holds since."""
    key = codes.new_key()
    by = Actor("staff", window.opened_by_id, (), window.terminal_id, window.pk)
    secret = codes.card_secret(card.token)
    return card_actions.scan_card(by=by, now=now, window=window, secret=secret, key=key), key


def browser(device_key: str = "", entry_key: str = "", **extra: Any) -> Client:
    """The terminal's browser."""
    client = Client(**extra)
    if device_key:
        client.cookies[devices.device_cookie()] = device_key
    if entry_key:
        client.cookies[devices.entry_cookie()] = entry_key
    return client


def concern_by(user: User, prison: Any, now: datetime, **fields: Any) -> Concern:
    """A concern that staff raise."""
    values: dict[str, Any] = {"kind": "WORRY", "words": "He gives his canteen away.", "source": "STAFF", **fields}
    values.setdefault("happened_on", london_today(now))
    return raise_concern(by=acts(user, prison), now=now, prison=prison, **values)


def handed_on(concern: Concern, by: User, now: datetime, to: str = "POLICE", **fields: Any) -> HandOn:
    """A concern that was put to somebody else as well, to be chased in a week."""
    values: dict[str, Any] = {"their_reference": "", "chase_on": london_today(now) + timedelta(days=7), **fields}
    return hand_on(by=acts(by, concern.prison), now=now, concern=concern, to=to, **values)


def on_leave(user: User, prison: Any, now: datetime, *, days: int = 0, many: int = 5) -> ReceiverLeave:
    """Somebody who receives concerns is away, from so many days from now."""
    first = london_today(now) + timedelta(days=days)
    return record_leave(
        by=acts(user, prison), now=now, prison=prison, user=user, first_on=first, last_on=first + timedelta(days=many)
    )


def danger_told(
    window: TerminalWindow, writer: Person, now: datetime, *, kind: str = "FALL", told: str = "NOT_YET"
) -> DangerCall:
    """Somebody tells of a fall at a terminal, and has told no officer yet."""
    by = at(window, writer)
    concern = raise_concern(
        by=by, now=now, prison=window.prison, kind=kind, happened_on=london_today(now), source="TERMINAL",
        words="He is on the floor.", writer=writer, window=window,
    )  # fmt: skip
    return say_danger(by=by, now=now, concern=concern, told=told, place=window.terminal.name)


def going_said(person: Person, window: TerminalWindow, now: datetime, feels: str = "MIXED") -> OwnWish:
    """Somebody who is helped says how it goes."""
    return say_going(
        by=at(window, person), now=now, prison=window.prison, person=person, window=window, came="SOMETIMES",
        feels=feels,
    )  # fmt: skip
