"""Terminals, their windows, who is in now, and whom an officer may let in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Now

from buddyscheme.accounts.models import Prison, Terminal, Wing
from referrals import codes, throttle
from referrals.models import SignInFailure, TerminalCode, TerminalEntry, TerminalWindow
from referrals.rules.windows import NUMBERS_OF_A_TERMINAL, TERMINAL_TIME, UNTOUCHED
from schemes.models import Custody, Person
from schemes.queries.people import custodies_of


def terminals_of(prison: Prison) -> QuerySet[Terminal]:
    """Enrolled machines, by wing; those withdrawn come last."""
    rows: QuerySet[Terminal] = Terminal.objects.for_prison(prison)
    return rows.select_related("wing", "enrolled_by").order_by("withdrawn_at", "wing__code", "name", "id")


def terminals_in_use(prison: Prison) -> QuerySet[Terminal]:
    """Machines that are not withdrawn."""
    return terminals_of(prison).filter(withdrawn_at=None)


def open_windows(prison: Prison, now: datetime | None = None) -> QuerySet[TerminalWindow]:
    """Windows that are open at the moment, with who is in."""
    rows: QuerySet[TerminalWindow] = TerminalWindow.objects.for_prison(prison)
    entries = TerminalEntry.objects.filter(ended_at=None).select_related("person").order_by("id")
    return (
        rows.filter(closed_at=None, ends_at__gt=now or Now())
        .select_related("terminal", "opened_by")
        .prefetch_related(Prefetch("entries", queryset=entries, to_attr="open_entries"))
        .order_by("id")
    )


def closed_by_tries(prison: Prison) -> dict[int, datetime]:
    """Terminals whose last window closed itself after too many wrong tries, and when it did."""
    rows: QuerySet[TerminalWindow] = TerminalWindow.objects.for_prison(prison)
    last = rows.order_by("terminal_id", "-id").distinct("terminal_id")
    found = ((window.terminal_id, _tries_closed_it(window)) for window in last)
    return {terminal_id: at for terminal_id, at in found if at is not None}


def closed_by_tries_at(terminal: Terminal) -> datetime | None:
    """The same for one terminal."""
    last = TerminalWindow.objects.for_prison(terminal.prison_id).filter(terminal=terminal).order_by("-id").first()
    return _tries_closed_it(last) if last is not None else None


def _tries_closed_it(window: TerminalWindow) -> datetime | None:
    return window.closed_at if window.close_reason == "TRIES" else None


def window_of(terminal: Terminal, now: datetime) -> TerminalWindow | None:
    """The terminal's open window, if it has one."""
    return open_windows(terminal.prison, now).filter(terminal=terminal).first()


def waiting_code(window: TerminalWindow, now: datetime) -> TerminalCode | None:
    """A code that an officer has asked for and nobody has looked at yet."""
    rows: QuerySet[TerminalCode] = TerminalCode.objects.for_prison(window.prison_id)
    waiting = rows.filter(window=window, shown_at=None, withdrawn_at=None, issued_at__gt=now - UNTOUCHED)
    return waiting.select_related("person").order_by("-id").first()


def wing_list(prison: Prison, wing: Wing | None) -> QuerySet[Custody]:
    """Who is held on the wing now, by name; without a wing, in the whole prison."""
    here = custodies_of(prison)
    if wing is not None:
        here = here.filter(wing=wing)
    return here.order_by("person__last_name", "person__first_name", "id")


def needing_face_check(prison: Prison) -> list[Person]:
    """People held here whose number was tried wrongly too often; wherever the tries came from."""
    flagged = throttle.flagged(prison.code)
    if not flagged:
        return []
    here = wing_list(prison, None)
    return [c.person for c in here if codes.number_hash(prison.code, c.person.prison_number) in flagged]


def much_tried(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Machines at which many different numbers were tried wrongly in the last 24 hours, the latest first.

    With `numbers` and `tries` (how many), `last_at`, and `officer`: who had opened the window of the last one.
    """
    failed = SignInFailure.objects.for_prison(prison).filter(
        window__terminal=OuterRef("pk"), failed_at__gt=now - TERMINAL_TIME
    )
    counted = failed.order_by().values("window__terminal")
    newest = failed.order_by("-failed_at", "-id")
    rows: QuerySet[Any] = Terminal.objects.for_prison(prison).select_related("wing")
    found: QuerySet[Any] = (
        rows.annotate(
            numbers=Subquery(counted.values(n=Count("number_hash", distinct=True))),
            tries=Subquery(counted.values(n=Count("id"))),
            last_at=Subquery(newest.values("failed_at")[:1]),
            officer=Subquery(newest.values("window__opened_by__name")[:1]),
        )
        .filter(numbers__gte=NUMBERS_OF_A_TERMINAL)
        .order_by("-last_at", "id")
    )
    return found


def person_by_token(prison: Prison, token: str) -> Person | None:
    """Somebody held here now, by the token of their record."""
    found = custodies_of(prison).filter(Q(person__token=token)).first()
    return found.person if found is not None else None
