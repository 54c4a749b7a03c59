"""Enrolling and withdrawing shared machines."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Terminal, Wing
from buddyscheme.audit import record
from buddyscheme.audit.events import Event
from buddyscheme.lib.errors import NotAllowed
from referrals import codes
from referrals.actions.windows import close_window
from referrals.models import TerminalWindow


@transaction.atomic
def enrol_terminal(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    wing: Wing,
    name: str,
    device_key: str = "",
    has_headset: bool = False,
) -> Terminal:
    """Enrol a machine for a wing. `device_key` is what its browser will hold; we keep the hash.

    Without a key the machine is known but cannot be used until `claim_device` gives it one, on its own host.
    """
    if wing.prison_id != prison.pk:
        raise NotAllowed("Choose a wing of this prison.", field="wing")
    terminal: Terminal = Terminal.objects.create(
        prison=prison,
        wing=wing,
        name=name,
        device_hash=codes.key_hash(device_key) if device_key else "",
        enrolled_at=now,
        enrolled_by=by.user,
        has_headset=has_headset,
    )
    record.record(Event.TERMINAL_ENROLLED, by=by, prison=prison.code, subject=terminal, wing=wing.pk)
    return terminal


@transaction.atomic
def claim_device(*, by: Actor, now: datetime, terminal: Terminal, device_key: str) -> Terminal:
    """Give an enrolled machine its key, once."""
    terminal = Terminal.objects.select_for_update(of=("self",)).select_related("prison").get(pk=terminal.pk)
    if terminal.device_hash or terminal.withdrawn_at is not None:
        raise NotAllowed("This machine was already set up, or was withdrawn. Enrol it again.")
    terminal.device_hash = codes.key_hash(device_key)
    terminal.save(update_fields=["device_hash"])
    record.record(Event.TERMINAL_ENROLLED, by=by, prison=terminal.prison.code, subject=terminal, claimed=True)
    return terminal


@transaction.atomic
def set_headset(*, by: Actor, now: datetime, terminal: Terminal, has_headset: bool) -> Terminal:
    """Say whether a headset is fitted: without one the machine reads nothing aloud, from its next page on."""
    terminal = Terminal.objects.select_for_update(of=("self",)).select_related("prison").get(pk=terminal.pk)
    if terminal.withdrawn_at is not None:
        raise NotAllowed("This terminal was already withdrawn.")
    terminal.has_headset = has_headset
    terminal.save(update_fields=["has_headset"])
    record.record(Event.TERMINAL_HEADSET, by=by, prison=terminal.prison.code, subject=terminal, has_headset=has_headset)
    return terminal


@transaction.atomic
def withdraw_terminal(*, by: Actor, now: datetime, terminal: Terminal) -> Terminal:
    """Take a machine out of use at once: its key is forgotten and its window closes."""
    terminal = Terminal.objects.select_for_update(of=("self",)).select_related("prison").get(pk=terminal.pk)
    if terminal.withdrawn_at is not None:
        raise NotAllowed("This terminal was already withdrawn.")
    for window in TerminalWindow.objects.for_prison(terminal.prison).filter(terminal=terminal, closed_at=None):
        close_window(by=by, now=now, window=window, reason="WITHDRAWN")
    terminal.device_hash = ""
    terminal.withdrawn_at = now
    terminal.withdrawn_by = by.user
    terminal.save(update_fields=["device_hash", "withdrawn_at", "withdrawn_by"])
    record.record(Event.TERMINAL_WITHDRAWN, by=by, prison=terminal.prison.code, subject=terminal)
    return terminal
