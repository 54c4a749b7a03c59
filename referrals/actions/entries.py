"""Who comes in through a window, how, and when they leave."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.errors import NotAllowed
from referrals import codes, throttle
from referrals.locking import lock_window
from referrals.models import TerminalCode, TerminalEntry, TerminalWindow
from referrals.rules import windows as rules
from schemes.models import Person
from schemes.queries.people import custody_of, person_here

Method = TerminalEntry.Method


@transaction.atomic
def let_in(*, by: Actor, now: datetime, window: TerminalWindow, person: Person) -> TerminalEntry:
    """The officer has seen the face and lets the person in; the person's tap at the terminal begins the entry."""
    return _let_in(by, now, lock_window(window.pk), person, Method.LET_IN)


@transaction.atomic
def begin_with_card(
    *, by: Actor, now: datetime, window: TerminalWindow, person: Person, key_hash: str
) -> TerminalEntry:
    """The officer has seen that the card is held by its owner; the browser that waits with it is theirs from now on."""
    window = lock_window(window.pk)
    entry = _let_in(by, now, window, person, Method.CARD, key_hash=key_hash)
    _signed_in(entry, Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk))
    return entry


@transaction.atomic
def take_up(*, by: Actor, now: datetime, entry: TerminalEntry, key: str) -> TerminalEntry:
    """The tap on "Continue" by the person who was let in: from now on the browser's key stands for them."""
    window = lock_window(entry.window_id)
    entry = TerminalEntry.objects.select_for_update().get(pk=entry.pk)
    rules.check_can_use(window, now)
    if entry.ended_at is not None or entry.key_hash or now >= entry.started_at + rules.UNTOUCHED:
        raise NotAllowed("Nobody is waiting to go in.")
    entry.key_hash = codes.key_hash(key)
    entry.started_at = entry.last_seen_at = now
    entry.save(update_fields=["key_hash", "started_at", "last_seen_at"])
    _signed_in(entry, by)
    return entry


@transaction.atomic
def enter_with_code(
    *, now: datetime, window: TerminalWindow, prison_number: str, code: str, key: str = ""
) -> TerminalEntry | None:
    """Begin an entry with number and code; None when they do not fit, after the same work whatever was wrong.

    The try was counted before, in a transaction of its own (`throttle.take_turn`). `key` is the browser's cookie.
    """
    window = lock_window(window.pk)
    rules.check_can_use(window, now)
    person = person_here(window.prison, prison_number)
    # Nobody has the id 0: for an unknown number the same is asked of the database, with the same wait.
    issued = _code_of(window, person.pk if person is not None else 0)
    right = codes.check_code(
        code, issued.code_hash if issued else "", person_id=person.pk if person is not None else None
    )
    if person is None or not right:
        _refuse(window, person, now)
        _keep(window, prison_number, person, issued, now)
        return None
    throttle.forget(window, person.prison_number)
    earlier = _open_entry(window)
    if earlier is not None:
        _end(earlier, now, "REPLACED")
    entry = _begin(window, person, Method.CODE, now, key_hash=codes.key_hash(key or codes.new_key()))
    _signed_in(entry, Actor.at_terminal(person_id=person.pk, terminal_id=window.terminal_id, window_id=window.pk))
    return entry


@transaction.atomic
def leave(*, by: Actor, now: datetime, entry: TerminalEntry, reason: str = "LEFT") -> TerminalEntry:
    """The person leaves, or the terminal, the window or the officer ends their turn. Twice is once."""
    entry = TerminalEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.ended_at is None:
        _end(entry, now, reason)
        record.record(
            Event.TERMINAL_LEFT, by=by, prison=entry.prison_id, subject=entry, person_id=entry.person_id,
            reason=reason,
        )  # fmt: skip
    return entry


def _let_in(
    by: Actor, now: datetime, window: TerminalWindow, person: Person, method: Method, **fields: object
) -> TerminalEntry:
    """By an officer who has seen the face; whoever had left the terminal open is out."""
    live = _open_entry(window)
    rules.check_can_let_in(window, live, now)
    rules.check_is_here(custody_of(window.prison, person))
    if live is not None:
        _end(live, now, "REPLACED")
    throttle.forget(window, person.prison_number)
    entry = _begin(window, person, method, now, let_in_at=now, let_in_by=by.user, **fields)
    # Letting in from the list is the usual way: its event names no method.
    how = {"method": method} if method == Method.CARD else {}
    record.record(
        Event.LET_IN, by=by, prison=window.prison_id, subject=entry, person_id=person.pk, window=window.pk, **how
    )
    return entry


def _signed_in(entry: TerminalEntry, by: Actor) -> None:
    record.record(
        Event.TERMINAL_SIGNED_IN, by=by, prison=entry.prison_id, subject=entry, person_id=entry.person_id,
        method=entry.method,
    )  # fmt: skip


def _refuse(window: TerminalWindow, person: Person | None, now: datetime) -> None:
    # Whose number was tried is known to the counters only, as a hash; the officer answers for the window.
    officer = Actor.officer_of(window)
    record.record(
        Event.TERMINAL_SIGN_IN_FAILED, by=officer, prison=window.prison_id, subject=window,
        person_id=person.pk if person is not None else None,
    )  # fmt: skip
    if throttle.has_too_many(window):
        window.closed_at = now
        window.close_reason = "TRIES"
        window.save(update_fields=["closed_at", "close_reason"])
        TerminalEntry.objects.filter(window=window, ended_at=None).update(ended_at=now, end_reason="WINDOW")
        record.record(Event.WINDOW_CLOSED, by=officer, prison=window.prison_id, subject=window, reason="TRIES")


def _keep(
    window: TerminalWindow, prison_number: str, person: Person | None, issued: TerminalCode | None, now: datetime
) -> None:
    """What lasts longer than the window: somebody is told of many numbers, and a code tried too often ends."""
    officer = Actor.officer_of(window)
    if throttle.keep_failure(window, prison_number, now):
        record.record(Event.TERMINAL_NUMBERS_TRIED, by=officer, prison=window.prison_id, subject=window)
    worn_out = throttle.has_worn_out(window, issued, prison_number, now)
    if person is None or issued is None or not worn_out:
        return
    issued.withdrawn_at = now
    issued.save(update_fields=["withdrawn_at"])
    record.record(Event.CODE_WORN_OUT, by=officer, prison=window.prison_id, subject=issued, person_id=person.pk)


def _open_entry(window: TerminalWindow) -> TerminalEntry | None:
    return TerminalEntry.objects.select_for_update().filter(window=window, ended_at=None).first()


def _code_of(window: TerminalWindow, person_id: int) -> TerminalCode | None:
    return TerminalCode.objects.filter(prison=window.prison, person_id=person_id, withdrawn_at=None).first()


def _begin(window: TerminalWindow, person: Person, method: str, now: datetime, **fields: object) -> TerminalEntry:
    entry: TerminalEntry = TerminalEntry.objects.create(
        prison=window.prison, window=window, person=person, method=method, started_at=now, last_seen_at=now, **fields
    )
    return entry


def _end(entry: TerminalEntry, now: datetime, reason: str) -> None:
    entry.ended_at = now
    entry.end_reason = reason
    entry.save(update_fields=["ended_at", "end_reason"])
