"""Pages about machines: which there are, enrol this one, withdraw one, and where numbers were tried wrongly."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.models import Terminal, Wing
from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.forms import ConfirmForm
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals import codes, devices, terminal_words
from referrals.actions import terminals as actions
from referrals.forms.windows import HeadsetForm, TerminalForm
from referrals.queries import windows as queries
from referrals.rules.windows import NUMBERS_OF_A_TERMINAL
from referrals.views.privacy_notices import standing


@require_safe
@requires(P.TERMINALS_ADMIN)
def terminals(request: StaffRequest) -> HttpResponse:
    """Every enrolled machine of the prison."""
    page = page_of(queries.terminals_of(request.prison), request)
    table = Table(
        caption="Enrolled machines",
        first="Name",
        columns=["Wing", "Headset", "Enrolled", "By", "Action"],
        rows=[_row(request, terminal) for terminal in page],
    )
    return render(request, "components/list_page.html", {
        "title": "Enrolled machines", "page": page, "table": table, "noun": "machines",
        "lead": f"A terminal is a shared machine on a wing. Sign in on that machine to enrol it. {_languages()}",
        "empty": "No machine is enrolled yet.",
        "action_href": reverse("referrals:terminal_enrol", args=[request.prison.code]),
        "action_text": "Enrol this machine",
    })  # fmt: skip


def _languages() -> str:
    """What the terminals speak, and which of it no translator has confirmed: for staff, not for prisoners."""
    found = terminal_words.languages()
    names = " and ".join(language.english_name for language in found)
    return " ".join([f"The terminals speak {names}.", *filter(None, map(standing, found))])


def _row(request: StaffRequest, terminal: Terminal) -> Row:
    out = terminal.withdrawn_at is not None
    of_terminal = [request.prison.code, terminal.token]
    withdraw = reverse("referrals:terminal_withdraw", args=of_terminal)
    headset = "" if out else reverse("referrals:terminal_headset", args=of_terminal)
    return Row(
        text=terminal.name,
        cells=[
            Cell(text=terminal.wing.name),
            Cell(text="Fitted" if terminal.has_headset else "None", href=headset, hidden=f"headset of {terminal.name}"),
            Cell(text=date_format(timezone.localtime(terminal.enrolled_at), "j F Y")),
            Cell(text=terminal.enrolled_by.name),
            Cell(text="") if out else Cell(text="Withdraw", href=withdraw, hidden=terminal.name),
        ],
        tag=Tag(text="Withdrawn", colour="grey") if out else Tag(text="In use", colour="green"),
    )


@require_safe
@requires(P.TERMINAL_ALERTS_VIEW)
def terminal_tries(request: StaffRequest) -> HttpResponse:
    """Machines at which somebody tried other people's numbers. Whose they were is nobody's to see."""
    page = page_of(queries.much_tried(request.prison, timezone.now()), request)
    table = Table(
        caption="Machines by the last wrong try",
        first="Machine",
        columns=[
            "Wing",
            Column(text="Different numbers", numeric=True),
            Column(text="Wrong tries", numeric=True),
            "Last one",
            "Window opened by",
        ],
        rows=[
            Row(
                text=terminal.name,
                cells=[
                    terminal.wing.name,
                    str(terminal.numbers),
                    str(terminal.tries),
                    date_format(timezone.localtime(terminal.last_at), "j F Y, H:i"),
                    terminal.officer,
                ],
            )
            for terminal in page
        ],
    )
    return render(request, "components/list_page.html", {
        "title": "Wrong tries at terminals", "page": page, "table": table, "noun": "machines",
        "lead": f"Machines at which {NUMBERS_OF_A_TERMINAL} or more different prison numbers were tried with a wrong "
        "code in the last 24 hours. Nobody is locked out by it. Ask the officer who opened the window who was there.",
        "empty": f"No machine had wrong tries for {NUMBERS_OF_A_TERMINAL} or more different numbers in 24 hours.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.TERMINALS_ADMIN)
def terminal_enrol(request: StaffRequest) -> HttpResponse:
    """Make the browser that this page is opened in a terminal."""
    wings = Wing.objects.filter(prison=request.prison, closed=False).order_by("code", "id")
    form = TerminalForm(request.POST or None, wings=wings)
    if request.method == "POST" and form.is_valid():
        wing = get_object_or_404(wings, token=form.cleaned_data["wing"])
        key = "" if settings.TERMINAL_HOST else codes.new_key()
        try:
            terminal = actions.enrol_terminal(
                by=request.actor, now=timezone.now(), prison=request.prison, wing=wing,
                name=form.cleaned_data["name"], device_key=key, has_headset=form.cleaned_data["has_headset"],
            )  # fmt: skip
        except NotAllowed as error:
            form.refuse(error)
        else:
            return _enrolled(request, terminal, key)
    back = reverse("referrals:terminals", args=[request.prison.code])
    form.cancel_url = back
    return render(request, "components/form_page.html", {
        "title": "Enrol this machine", "form": form, "crumbs": [{"text": "Enrolled machines", "href": back}],
        "lead": "Do this on the machine itself. Afterwards sign out: the machine then waits for an officer to open it.",
    })  # fmt: skip


def _enrolled(request: StaffRequest, terminal: Terminal, key: str) -> HttpResponse:
    if key:
        response = redirect("referrals:terminals", request.prison.code)
        devices.keep_device_key(response, key)
        messages.success(request, f"This machine is now the terminal “{terminal.name}”.")
        return response
    # The terminal has a host of its own: its cookie can only be set there. Ours says who sits beside it.
    value = devices.hand_over(terminal, request.user.pk)
    address = reverse("terminal:enrol", args=[value])
    response = redirect(f"{request.scheme}://{settings.TERMINAL_HOST}{address}")
    beside = signing.dumps(terminal.token, salt=devices.BESIDE_SALT)
    devices.set_cookie(response, devices.beside_cookie(), beside, samesite="Lax", max_age=devices.DEVICE_SECONDS)
    return response


@require_http_methods(["GET", "POST"])
@requires(P.TERMINALS_ADMIN)
def terminal_headset(request: StaffRequest, token: str) -> HttpResponse:
    """Say whether a machine has a headset, and so whether it may read aloud."""
    terminal = get_object_or_404(queries.terminals_of(request.prison), token=token)
    form = HeadsetForm(
        request.POST if request.method == "POST" else None, initial={"has_headset": terminal.has_headset}
    )
    back = reverse("referrals:terminals", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_headset(
                by=request.actor, now=timezone.now(), terminal=terminal, has_headset=form.cleaned_data["has_headset"]
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{terminal.name}” was changed.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/form_page.html", {
        "title": "Headset of a terminal", "form": form, "crumbs": [{"text": "Enrolled machines", "href": back}],
        "lead": f"{terminal.name}, {terminal.wing.name}.",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(P.TERMINALS_ADMIN)
def terminal_withdraw(request: StaffRequest, token: str) -> HttpResponse:
    """Take a machine out of use."""
    terminal = get_object_or_404(queries.terminals_of(request.prison), token=token)
    form = ConfirmForm(request.POST if request.method == "POST" else None, label="Withdraw this terminal", warning=True)
    back = reverse("referrals:terminals", args=[request.prison.code])
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_terminal(by=request.actor, now=timezone.now(), terminal=terminal)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{terminal.name}” was withdrawn.")
            return redirect(back)
    form.cancel_url = back
    return render(request, "components/confirm.html", {
        "title": "Withdraw a terminal", "form": form, "crumbs": [{"text": "Enrolled machines", "href": back}],
        "rows": [{"key": "Name", "value": terminal.name}, {"key": "Wing", "value": terminal.wing.name}],
        "warning": "Whoever is using it is signed out at once. It has to be enrolled again before its next use.",
    })  # fmt: skip
