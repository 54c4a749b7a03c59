"""Opening and closing the supervised window at a terminal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Terminal
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.errors import NotAllowed
from referrals.locking import lock_window
from referrals.models import TerminalEntry, TerminalWindow
from referrals.queries.windows import closed_by_tries_at
from referrals.rules import windows as rules


@transaction.atomic
def open_window(
    *,
    by: Actor,
    now: datetime,
    terminal: Terminal,
    minutes: int = rules.DEFAULT_MINUTES,
    shown_at: datetime | None = None,
) -> TerminalWindow:
    """Open a terminal for so many minutes. A window that has run out is closed first; an open one is a refusal.

    `shown_at`: when the officer last showed their own factor, without which no terminal opens again after too many
    wrong tries.
    """
    terminal = Terminal.objects.select_for_update(of=("self",)).select_related("prison").get(pk=terminal.pk)
    rules.check_can_open(terminal, minutes)
    tried_at = closed_by_tries_at(terminal)
    rules.check_is_officer(tried_at, shown_at)
    earlier = TerminalWindow.objects.filter(terminal=terminal, closed_at=None).select_for_update().first()
    if earlier is not None:
        if rules.is_open(earlier, now):
            raise NotAllowed("This terminal is already open. Close it first if you want to start again.")
        _close(earlier, by=by, now=earlier.ends_at, reason="TIME")
    window: TerminalWindow = TerminalWindow.objects.create(
        prison=terminal.prison,
        terminal=terminal,
        opened_at=now,
        opened_by=by.user,
        ends_at=now + timedelta(minutes=minutes),
    )
    again = {"after_tries": True} if tried_at is not None else {}
    record.record(Event.WINDOW_OPENED, by=by, prison=terminal.prison_id, subject=window, minutes=minutes, **again)
    return window


@transaction.atomic
def close_window(*, by: Actor, now: datetime, window: TerminalWindow, reason: str = "CLOSED") -> TerminalWindow:
    """Close a window at once; whoever is in is out with their next tap."""
    window = lock_window(window.pk)
    if window.closed_at is not None:
        raise NotAllowed("This terminal is already closed.")
    _close(window, by=by, now=now, reason=reason)
    record.record(Event.WINDOW_CLOSED, by=by, prison=window.prison_id, subject=window, reason=reason)
    return window


def _close(window: TerminalWindow, *, by: Actor, now: datetime, reason: str) -> None:
    window.closed_at = now
    # Empty where the window closed itself, after too many wrong tries or because its time was up.
    window.closed_by_user = by.user if reason in ("CLOSED", "WITHDRAWN") else None
    window.close_reason = reason
    window.save(update_fields=["closed_at", "closed_by_user", "close_reason"])
    TerminalEntry.objects.filter(window=window, ended_at=None).update(ended_at=now, end_reason="WINDOW")
