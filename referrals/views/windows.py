"""The officer's pages: open and close a terminal, see who is in, let somebody in, issue a code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts import own_factor
from buddyscheme.accounts.models import Terminal, Wing
from buddyscheme.accounts.own_factor import Way
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from referrals import devices
from referrals.actions import cards, codes, entries
from referrals.actions import windows as actions
from referrals.forms.windows import FACE, NEW_CODE, AtWindowForm, OpenForm
from referrals.models import CardScan, TerminalEntry, TerminalWindow
from referrals.queries import windows as queries
from referrals.queries.cards import cards_are_used, waiting_scan
from referrals.rules import windows as rules


@require_safe
@requires(P.WINDOW_OPEN)
def windows(request: StaffRequest) -> HttpResponse:
    """The terminals of the prison: closed, or open until when and with whom in."""
    return _list(request)


def _list(request: StaffRequest, refused: Terminal | None = None, form: OpenForm | None = None) -> HttpResponse:
    now = timezone.now()
    open_now = {window.terminal_id: window for window in queries.open_windows(request.prison, now)}
    tried = queries.closed_by_tries(request.prison)
    machines = [
        _machine(request, terminal, open_now.get(terminal.pk), tried.get(terminal.pk), index)
        for index, terminal in enumerate(queries.terminals_in_use(request.prison))
    ]
    for machine in machines:
        if form is not None and machine["terminal"] == refused:
            machine["form"] = form
    return render(request, "referrals/window_list.html", {
        "machines": machines,
        "refused": form,
        "people": queries.needing_face_check(request.prison),
        "may_enrol": may(request, P.TERMINALS_ADMIN),
        "may_make_cards": may(request, P.CODE_ISSUE),
    })  # fmt: skip


def _machine(
    request: StaffRequest, terminal: Terminal, window: TerminalWindow | None, tried_at: datetime | None, index: int
) -> dict[str, Any]:
    ask = None if window is not None else _asked_for(request, tried_at)
    return {
        "terminal": terminal,
        "window": window,
        "tried": window is None and tried_at is not None,
        "ask": ask.name if ask else "",
        "inside": _inside(window),
        "here": devices.is_this_machine(request, terminal),
        "form": OpenForm(auto_id=f"open_{index}_%s", ask=ask),
    }


def _asked_for(request: StaffRequest, tried_at: datetime | None) -> Way | None:
    """What the officer has to show before this terminal opens: nothing where they have just done so.

    After too many wrong tries everybody has to, and since then. Otherwise whoever has a factor of their own here;
    a work account has shown its own when its holder signed in.
    """
    shown_at = own_factor.shown_at(request)
    if shown_at is not None and timezone.now() < shown_at + own_factor.HOLDS and rules.is_officer(tried_at, shown_at):
        return None
    if not hasattr(request, "own_way"):
        request.own_way = own_factor.way_of(request.user)  # type: ignore[attr-defined]
    way: Way = request.own_way  # type: ignore[attr-defined]
    return way if tried_at is not None or way in (Way.CODE, Way.KEY) else None


def _inside(window: TerminalWindow | None) -> TerminalEntry | None:
    now = timezone.now()
    found = [e for e in _entries(window) if rules.is_live(e, now)]
    return found[0] if found else None


def _entries(window: TerminalWindow | None) -> list[TerminalEntry]:
    # Prefetched by `open_windows`.
    return list(getattr(window, "open_entries", []))


@require_POST
@requires(P.WINDOW_OPEN)
def window_open(request: StaffRequest, token: str) -> HttpResponse:
    """Open a terminal; on the terminal itself the officer is signed out in the same moment."""
    terminal = _terminal(request, token)
    ask = _asked_for(request, queries.closed_by_tries_at(terminal))
    form = OpenForm(request.POST, ask=ask)
    if not form.is_valid() or not _has_shown(request, ask, form):
        return _list(request, terminal, form)
    minutes = form.cleaned_data["minutes"]
    try:
        actions.open_window(
            by=request.actor, now=timezone.now(), terminal=terminal, minutes=minutes,
            shown_at=own_factor.shown_at(request),
        )  # fmt: skip
    except NotAllowed as error:
        form.refuse(error)
        return _list(request, terminal, form)
    if devices.is_this_machine(request, terminal):
        logout(request)
        start = reverse("terminal:start")
        return redirect(f"{request.scheme}://{settings.TERMINAL_HOST}{start}" if settings.TERMINAL_HOST else start)
    messages.success(request, f"“{terminal.name}” is open for {minutes} minutes.")
    return redirect("referrals:window", request.prison.code, terminal.token)


def _has_shown(request: StaffRequest, ask: Way | None, form: OpenForm) -> bool:
    if ask is None:
        return True
    if ask in (Way.KEY, Way.WORK):
        form.refuse("Show that it is you first, then open the terminal.")
        return False
    wrong = own_factor.show(request, ask, form.cleaned_data["factor"])
    if wrong:
        form.refuse(wrong, "factor")
    return not wrong


@require_POST
@requires(P.WINDOW_OPEN)
def window_close(request: StaffRequest, token: str) -> HttpResponse:
    """Close a terminal at once."""
    window = _window(request, _terminal(request, token))
    try:
        actions.close_window(by=request.actor, now=timezone.now(), window=window)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{window.terminal.name}” is closed.")
    return redirect("referrals:windows", request.prison.code)


@require_http_methods(["GET", "POST"])
@requires(P.WINDOW_OPEN)
def window(request: StaffRequest, token: str) -> HttpResponse:
    """One open terminal: who is in, and the wing list to let somebody in from."""
    terminal = _terminal(request, token)
    found = _window(request, terminal)
    wing = _wing(request, terminal)
    form = AtWindowForm(request.POST or None, people=queries.wing_list(request.prison, wing))
    if not may(request, P.CODE_ISSUE):
        form.fields["what"].offer([c for c in form.fields["what"].choices if c[0] != NEW_CODE])  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            said = _at_window(request, found, form.cleaned_data)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path())
    return render(request, "referrals/window_page.html", {
        "terminal": terminal,
        "window": found,
        "inside": _inside(found),
        "waiting_code": queries.waiting_code(found, timezone.now()),
        "scan": waiting_scan(found, timezone.now()),
        "cards_used": cards_are_used(request.prison),
        "form": form,
        "wing": wing,
        "wings": Wing.objects.filter(prison=request.prison, closed=False).order_by("code", "id"),
        "crumbs": [{"text": "Terminals", "href": reverse("referrals:windows", args=[request.prison.code])}],
    })  # fmt: skip


def _at_window(request: StaffRequest, found: TerminalWindow, answers: dict[str, Any]) -> str:
    person = rules.check_is_here(queries.person_by_token(request.prison, answers["person"]))
    who: dict[str, Any] = {"by": request.actor, "now": timezone.now(), "window": found, "person": person}
    if answers["what"] == NEW_CODE:
        codes.allow_code(prison=request.prison, **who)
        return f"{person.full_name} can now tap “Show my new code” on the terminal."
    if answers["what"] == FACE:
        codes.confirm_face(prison=request.prison, reason=answers["reason"], **who)
        return f"{person.full_name} may try their code again."
    entries.let_in(**who)
    return f"{person.full_name} can now tap “Continue” on the terminal."


@require_POST
@requires(P.WINDOW_OPEN)
def card_confirm(request: StaffRequest, token: str, scan: str) -> HttpResponse:
    """It is the face of the card's owner: they are in, and their screen goes on by itself."""
    found = _scan(request, token, scan)
    try:
        entry = cards.confirm_card(by=request.actor, now=timezone.now(), scan=found)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{entry.person.full_name} is in.")
    return redirect("referrals:window", request.prison.code, token)


@require_POST
@requires(P.WINDOW_OPEN)
def card_refuse(request: StaffRequest, token: str, scan: str) -> HttpResponse:
    """It is somebody else, or the card is not in use."""
    found = _scan(request, token, scan)
    try:
        cards.refuse_card(by=request.actor, now=timezone.now(), scan=found)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Nobody was let in with that card.")
    return redirect("referrals:window", request.prison.code, token)


def _scan(request: StaffRequest, token: str, scan: str) -> CardScan:
    window = _window(request, _terminal(request, token))
    found: CardScan = get_object_or_404(CardScan.objects.for_prison(request.prison).filter(window=window), token=scan)
    return found


@require_POST
@requires(P.WINDOW_OPEN)
def entry_end(request: StaffRequest, token: str, entry: str) -> HttpResponse:
    """End the turn of whoever is in."""
    found = _window(request, _terminal(request, token))
    mine = TerminalEntry.objects.for_prison(request.prison).filter(window=found)
    entries.leave(by=request.actor, now=timezone.now(), entry=get_object_or_404(mine, token=entry), reason="OFFICER")
    messages.success(request, "Their turn has ended.")
    return redirect("referrals:window", request.prison.code, token)


def _terminal(request: StaffRequest, token: str) -> Terminal:
    return get_object_or_404(queries.terminals_in_use(request.prison).select_related("prison"), token=token)


def _window(request: StaffRequest, terminal: Terminal) -> TerminalWindow:
    found = queries.window_of(terminal, timezone.now())
    if found is None:
        raise Http404("the terminal is closed")
    return found


def _wing(request: StaffRequest, terminal: Terminal) -> Wing | None:
    asked = request.GET.get("wing", "")
    if asked == "all":
        return None
    chosen = Wing.objects.filter(prison=request.prison, token=asked).first() if asked else None
    return chosen or terminal.wing
