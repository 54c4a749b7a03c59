"""The officer's pages: open and close a terminal, see who is in, let somebody in, issue a code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.models import Terminal, Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.errors import NotAllowed
from referrals import devices
from referrals.actions import codes, entries
from referrals.actions import windows as actions
from referrals.forms.windows import FACE, NEW_CODE, AtWindowForm, OpenForm
from referrals.models import TerminalEntry, TerminalWindow
from referrals.queries import windows as queries
from referrals.rules import windows as rules


@require_safe
@requires(P.WINDOW_OPEN)
def windows(request: StaffRequest) -> HttpResponse:
    """The terminals of the prison: closed, or open until when and with whom in."""
    now = timezone.now()
    open_now = {window.terminal_id: window for window in queries.open_windows(request.prison, now)}
    machines = [
        _machine(request, terminal, open_now.get(terminal.pk), index)
        for index, terminal in enumerate(queries.terminals_in_use(request.prison))
    ]
    return render(request, "referrals/window_list.html", {
        "machines": machines,
        "people": queries.needing_face_check(request.prison),
        "may_enrol": may(request, P.TERMINALS_ADMIN),
    })  # fmt: skip


def _machine(request: StaffRequest, terminal: Terminal, window: TerminalWindow | None, index: int) -> dict[str, Any]:
    return {
        "terminal": terminal,
        "window": window,
        "inside": _inside(window),
        "here": devices.is_this_machine(request, terminal),
        "form": OpenForm(auto_id=f"open_{index}_%s"),
    }


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
    form = OpenForm(request.POST)
    minutes = form.cleaned_data["minutes"] if form.is_valid() else 0
    try:
        actions.open_window(by=request.actor, now=timezone.now(), terminal=terminal, minutes=minutes)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("referrals:windows", request.prison.code)
    if devices.is_this_machine(request, terminal):
        logout(request)
        start = reverse("terminal:start")
        return redirect(f"{request.scheme}://{settings.TERMINAL_HOST}{start}" if settings.TERMINAL_HOST else start)
    messages.success(request, f"“{terminal.name}” is open for {minutes} minutes.")
    return redirect("referrals:window", request.prison.code, terminal.token)


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
        "form": form,
        "wing": wing,
        "wings": Wing.objects.filter(prison=request.prison, closed=False).order_by("code", "id"),
        "crumbs": [{"text": "Terminals", "href": reverse("referrals:windows", args=[request.prison.code])}],
    })  # fmt: skip


def _at_window(request: StaffRequest, found: TerminalWindow, answers: dict[str, Any]) -> str:
    person = queries.person_by_token(request.prison, answers["person"])
    if person is None:
        raise NotAllowed("This person is not here now.", field="person")
    who: dict[str, Any] = {"by": request.actor, "now": timezone.now(), "window": found, "person": person}
    if answers["what"] == NEW_CODE:
        codes.allow_code(prison=request.prison, **who)
        return f"{person.full_name} can now tap “Show my new code” on the terminal."
    if answers["what"] == FACE:
        codes.confirm_face(prison=request.prison, **who)
        return f"{person.full_name} may try their code again."
    entries.let_in(**who)
    return f"{person.full_name} can now tap “Continue” on the terminal."


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
