"""Rows that one change at a time may begin from: each locked in one way, wherever it is changed."""

from __future__ import annotations

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison
from referrals.models import Concern, TerminalWindow
from referrals.rules.concerns import check_not_named


def lock_concern(concern: Concern, *, by: Actor) -> Concern:
    """The concern as it stands now; refused to whoever is named in it."""
    found: Concern = Concern.objects.select_for_update(of=("self",)).select_related("window").get(pk=concern.pk)
    if by.kind == "staff":
        check_not_named(found, by.id)
    return found


def lock_prison(prison: Prison) -> None:
    """One at a time at this prison: the second waits, then finds what the first did. New rows need not wait."""
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)


def lock_window(window_id: int) -> TerminalWindow:
    """The window as it stands now."""
    return TerminalWindow.objects.select_for_update(of=("self",)).select_related("prison").get(pk=window_id)
