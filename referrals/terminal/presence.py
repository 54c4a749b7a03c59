"""Which machine this is, whether its window is open, and who is in: asked anew on every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, Terminal
from buddyscheme.scope.submissions import answer_once
from buddyscheme.scope.transaction import narrow
from referrals import codes, devices, drafts
from referrals.actions import entries
from referrals.models import CardScan, TerminalEntry, TerminalWindow
from referrals.queries.cards import waiting_scan
from referrals.queries.windows import open_windows
from referrals.rules import windows as rules
from referrals.terminal.halves import half, half_filled
from referrals.terminal.pages import covered, not_in
from schemes.queries.people import people_of

# The key of a posted form. Not `form_key`: that one is answered for staff, by their session.
KEY_FIELD = "key"
# Ends that nobody in front of the screen chose.
NOT_CHOSEN = ("IDLE", "TIME", "WINDOW", "OFFICER")


@dataclass(frozen=True)
class Here:
    """The machine and its open window, if there is one."""

    terminal: Terminal
    window: TerminalWindow | None

    @property
    def prison(self) -> Prison:
        return self.terminal.prison


@dataclass(frozen=True)
class Inside:
    """Who is in, and what they act as."""

    entry: TerminalEntry
    here: Here
    now: datetime

    @property
    def prison(self) -> Prison:
        return self.here.prison

    @property
    def person_id(self) -> int:
        return int(self.entry.person_id)

    @property
    def actor(self) -> Actor:
        return Actor.at_terminal(
            person_id=self.person_id, terminal_id=self.here.terminal.pk, window_id=self.entry.window_id
        )


class TerminalRequest(HttpRequest):
    """A request of somebody who is in."""

    inside: Inside


def look_around(request: HttpRequest, now: datetime) -> Here | None:
    """The machine's own prison becomes the reach of the transaction. None on a browser that is no terminal."""
    terminal = devices.terminal_of(request)
    if terminal is None:
        return None
    narrow(prisons=[terminal.prison_id])
    # Who else is in is the officer's to see; here it would be read for nothing.
    windows = open_windows(terminal.prison, now).filter(terminal=terminal).prefetch_related(None)
    request.here = Here(terminal, windows.first())  # type: ignore[attr-defined]
    return request.here  # type: ignore[attr-defined,no-any-return]


def who_is_in(request: HttpRequest, here: Here, now: datetime) -> Inside | None:
    """The entry behind the cookie, if it still holds; one that does not is ended here and now."""
    key = request.COOKIES.get(devices.entry_cookie(), "")
    if not key:
        return None
    mine = TerminalEntry.objects.for_prison(here.prison).filter(
        key_hash=codes.key_hash(key), ended_at=None, window__terminal=here.terminal
    )
    held = people_of(here.prison).filter(pk=OuterRef("person_id"))
    entry = mine.annotate(held_here=Exists(held)).first()
    if entry is None:
        return None
    inside = Inside(entry, here, now)
    over = _why_over(inside, held_here=entry.held_here)
    if over:
        entries.leave(by=inside.actor, now=now, entry=entry, reason=over)
        return None
    return inside


def inside_of(request: HttpRequest) -> Inside | None:
    """Who is in at this machine now, for pages that do not need anybody to be."""
    now = timezone.now()
    here = look_around(request, now)
    return who_is_in(request, here, now) if here is not None else None


def card_of(request: HttpRequest, here: Here, now: datetime) -> CardScan | None:
    """The card with which this browser waits for the officer's look, if it does."""
    scan = waiting_scan(here.window, now) if here.window is not None else None
    key_hash = codes.key_hash(request.COOKIES.get(devices.entry_cookie(), ""))
    return scan if scan is not None and scan.key_hash == key_hash else None


def _why_over(inside: Inside, *, held_here: bool) -> str:
    entry, now = inside.entry, inside.now
    if inside.here.window is None or inside.here.window.pk != entry.window_id:
        return "WINDOW"
    if not rules.is_live(entry, now):
        return "IDLE" if now >= entry.last_seen_at + rules.IDLE else "TIME"
    return "" if held_here else "GONE"


def _kept_late(request: HttpRequest, here: Here, now: datetime) -> bool:
    """What was sent a moment after the turn had ended is not saved, but kept for that person; whether it was."""
    if request.method != "POST":
        return False
    key_hash = codes.key_hash(request.COOKIES.get(devices.entry_cookie(), ""))
    ended = TerminalEntry.objects.for_prison(here.prison).filter(
        key_hash=key_hash, window__terminal=here.terminal, ended_at__gt=now - rules.ABSOLUTE, end_reason__in=NOT_CHOSEN
    )
    entry = ended.first()
    draft = half_filled(entry, request.path_info, request.POST) if entry is not None else None
    if entry is None or draft is None:
        return False
    drafts.keep(here.prison, entry.person_id, now, draft)
    return True


def keep_half(inside: Inside, path: str, pairs: list[tuple[str, str]], words: str = "") -> None:
    """Keep what has been answered so far on this page, in case the turn ends before it is saved."""
    draft = half(inside.entry, path, pairs, words)
    if draft is not None:
        drafts.keep(inside.prison, inside.person_id, inside.now, draft)


def touch(inside: Inside) -> None:
    """The person is still there. No more than once in some seconds would do, but the write is small."""
    mine = TerminalEntry.objects.for_prison(inside.prison).filter(pk=inside.entry.pk, ended_at=None)
    mine.update(last_seen_at=inside.now)


def entered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Guard a page of the terminal: whoever is not in gets the start page, and nothing else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        here = look_around(request, now)
        inside = who_is_in(request, here, now) if here is not None else None
        if inside is None:
            return not_in(request, kept=here is not None and _kept_late(request, here, now))
        request.inside = inside  # type: ignore[attr-defined]
        if inside.entry.hidden_at is not None:
            # Neither Back, nor a reload, nor another address uncovers the screen.
            return covered(request)
        touch(inside)
        key = request.POST.get(KEY_FIELD, "") if request.method == "POST" else ""
        if key:
            # A double tap, a refresh and a retry after a lost answer are one.
            return answer_once(request, f"person:{inside.person_id}", key, lambda: view(request, *args, **kwargs))
        return view(request, *args, **kwargs)

    return guarded
