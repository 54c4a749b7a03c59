"""Before somebody is in, and when they leave: the closed screen, the two ways in, a new code, setting up a machine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Terminal, User
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.scope.middleware import own_transactions
from buddyscheme.scope.transaction import DatabaseRole, narrow, scoped
from referrals import codes, devices, drafts, throttle
from referrals.actions import cards as card_actions
from referrals.actions import codes as code_actions
from referrals.actions import entries, terminals
from referrals.models import TerminalEntry, TerminalWindow
from referrals.queries.cards import cards_are_used
from referrals.queries.windows import waiting_code
from referrals.rules.windows import IDLE, UNTOUCHED
from referrals.terminal import look as looks
from referrals.terminal import reads
from referrals.terminal.forms import EnterForm
from referrals.terminal.pages import cleared, covered, go, never_kept, not_in, own_address, page
from referrals.terminal.presence import card_of, inside_of, look_around, touch, who_is_in
from referrals.terminal.words import CATALOGUE
from referrals.throttle import Turn

# A closed terminal looks again by itself, so that the form is there when the officer has opened it. What was typed
# and left behind goes, and a code does not stand on the screen for long.
LOOK_AGAIN_SECONDS, FORM_SECONDS, CODE_SECONDS = 20, 90, 60
# Whoever waits with a card sees within this that the officer has said yes.
CARD_SECONDS = 4
# A touch screen has no keys of its own. The layout never changes.
KEYS = ("1234567890", "ABCDEFGHIJKLM", "NOPQRSTUVWXYZ")
# What went wrong, as a number in the address: the same for a known and an unknown number.
TROUBLES = {"1": "fill_in", "2": "wrong", "3": "wait", "4": "ask_officer", "5": "nobody_waiting", "6": "kept"}


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """A closed terminal says so and has no form. An open one lets one person in."""
    now = timezone.now()
    here = look_around(request, now)
    if here is not None and who_is_in(request, here, now) is not None:
        return go("home")
    if here is None or here.window is None:
        kept = "kept" if request.GET.get("e") == "6" else ""
        response = page(request, "closed.html", {"closes_after": LOOK_AGAIN_SECONDS, "trouble": kept})
    else:
        response = page(request, "start.html", {
            **_trouble(request),
            "let_in": _let_in(here.window, now) is not None,
            "keys": KEYS,
            "closes_after": FORM_SECONDS,
            "new_code": waiting_code(here.window, now) is not None,
            "cards": cards_are_used(here.prison),
        })  # fmt: skip
        devices.keep_device_key(response, request.COOKIES[devices.device_cookie()])
    return cleared(response) if devices.entry_cookie() in request.COOKIES else response


def _trouble(request: HttpRequest) -> dict[str, Any]:
    key = TROUBLES.get(request.GET.get("e", ""), "")
    seconds = request.GET.get("s", "")
    if key == "wait" and (not seconds.isdecimal() or int(seconds) <= 1):
        key = "wait_one"
    return {"trouble": key, "seconds": seconds}


def _let_in(window: TerminalWindow, now: Any) -> TerminalEntry | None:
    waiting = TerminalEntry.objects.for_prison(window.prison_id).filter(
        window=window, ended_at=None, key_hash=None, started_at__gt=now - UNTOUCHED
    )
    return waiting.select_related("window").first()


def _back(trouble: str, seconds: int = 0) -> HttpResponse:
    response = go("start")
    response["Location"] += f"?e={trouble}" + (f"&s={seconds}" if seconds else "")
    return response


@login_not_required
@own_transactions
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Number and code. The try is counted and committed before the code is looked at."""
    now = timezone.now()
    with scoped(DatabaseRole.WEB):
        here = look_around(request, now)
    if here is None or here.window is None:
        return go("start")
    card = codes.card_typed(request.POST.get("number", ""))
    if card:
        return _scanned(request, here.window, card, now)
    form = EnterForm(request.POST)
    if not form.is_valid():
        return _back("1")
    window, number = here.window, form.cleaned_data["number"]
    with scoped(DatabaseRole.WEB, prisons=[here.prison.code]):
        turn = throttle.take_turn(window, number, now)
    if not turn.allowed:
        return _refused(turn)
    key = codes.new_key()
    try:
        with scoped(DatabaseRole.WEB, prisons=[here.prison.code]):
            entry = entries.enter_with_code(
                now=now, window=window, prison_number=number, code=form.cleaned_data["code"], key=key
            )
    except NotAllowed:
        return go("start")
    return _went_in(request, key) if entry is not None else _back("2")


def _scanned(request: HttpRequest, window: TerminalWindow, card: str, now: datetime) -> HttpResponse:
    """A card: whatever it is, the same page waits for the officer."""
    key = codes.new_key()
    try:
        with scoped(DatabaseRole.WEB, prisons=[window.prison_id]):
            card_actions.scan_card(by=Actor.officer_of(window), now=now, window=window, secret=card, key=key)
    except NotAllowed:
        return go("start")
    return _went_in(request, key, "card")


@login_not_required
@require_safe
def with_card(request: HttpRequest) -> HttpResponse:
    """Waits for the officer's look, and asks again by itself; nothing here says whose card it is, or if it is any."""
    now = timezone.now()
    here = look_around(request, now)
    if here is None or here.window is None:
        return not_in(request)
    if who_is_in(request, here, now) is not None:
        rotate_token(request)
        return go("home")
    if card_of(request, here, now) is None:
        return cleared(_back("5"))
    return page(request, "with_card.html", {"closes_after": CARD_SECONDS, "closes_to": request.path})


def _refused(turn: Turn) -> HttpResponse:
    return _back("4") if turn.ask_officer else _back("3", turn.wait_seconds)


def _went_in(request: HttpRequest, key: str, to: str = "home") -> HttpResponse:
    response = go(to)
    devices.set_cookie(response, devices.entry_cookie(), key, samesite="Strict")
    # A form of the person before is worth nothing now.
    rotate_token(request)
    return response


@login_not_required
@require_POST
def take_up(request: HttpRequest) -> HttpResponse:
    """The tap of the person whom staff have let in."""
    now = timezone.now()
    here = look_around(request, now)
    entry = _let_in(here.window, now) if here is not None and here.window is not None else None
    if here is None or entry is None:
        return _back("5")
    by = Actor.at_terminal(person_id=entry.person_id, terminal_id=here.terminal.pk, window_id=entry.window_id)
    key = codes.new_key()
    try:
        entries.take_up(by=by, now=now, entry=entry, key=key)
    except NotAllowed:
        return _back("5")
    return _went_in(request, key)


@login_not_required
@require_POST
def show_code(request: HttpRequest) -> HttpResponse:
    """The new digits, once. Asking again shows nothing."""
    now = timezone.now()
    here = look_around(request, now)
    issued = waiting_code(here.window, now) if here is not None and here.window is not None else None
    if here is None or here.window is None or issued is None:
        return _back("5")
    by = Actor.at_terminal(person_id=issued.person_id, terminal_id=here.terminal.pk, window_id=here.window.pk)
    try:
        digits = code_actions.make_code(by=by, now=now, issued=issued)
    except NotAllowed:
        return _back("5")
    name = reads.own_name(here.prison, issued.person_id)
    # No address, so no controls of the look: they would ask for the page again, and the digits are shown once.
    return page(request, "code.html", {"digits": digits, "name": name, "closes_after": CODE_SECONDS, "address": ""})


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The person leaves; the screen forgets them."""
    inside = inside_of(request)
    if inside is not None:
        entries.leave(by=inside.actor, now=inside.now, entry=inside.entry)
        drafts.clear(inside.prison, inside.person_id)
    rotate_token(request)
    return cleared(go("start"))


@login_not_required
@require_POST
def still_here(request: HttpRequest) -> HttpResponse:
    """Asked by the script: the link works, and the person is there. Says only whether somebody is in."""
    inside = inside_of(request)
    # Somebody who passes a covered screen does not keep it open.
    if inside is not None and inside.entry.hidden_at is None:
        touch(inside)
    return never_kept(HttpResponse(status=204 if inside is not None else 410))


@login_not_required
@require_safe
def look(request: HttpRequest, what: str) -> HttpResponse:
    """One tap on language, text size, contrast, easy read or reading aloud."""
    response = go("start")
    response["Location"] = own_address(request.GET.get("next", ""), response["Location"])
    looks.keep(response, looks.look_of(request).changed(what))
    return response


@login_not_required
@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Every language, each by its own name. Asked for where there are more than two."""
    inside = inside_of(request)
    if inside is not None and inside.entry.hidden_at is not None:
        return covered(request)
    request.inside = inside  # type: ignore[attr-defined]
    return page(request, "languages.html", {
        "languages": CATALOGUE.values(), "back": request.GET.get("next", ""), "address": "",
        "closes_after": FORM_SECONDS if inside is None else int(IDLE.total_seconds()),
    })  # fmt: skip


@login_not_required
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, value: str) -> HttpResponse:
    """On the terminal's own host: make this browser the machine that an administrator has just enrolled."""
    said = devices.taken_over(value)
    terminal = Terminal.objects.filter(token=said[0]).select_related("prison").first() if said else None
    user = User.objects.filter(pk=said[1], is_active=True).first() if said else None
    if terminal is None or user is None:
        return not_in(request)
    if request.method != "POST":
        return page(request, "enrol.html", {"name": terminal.name, "value": value})
    narrow(prisons=[terminal.prison_id])
    key = codes.new_key()
    try:
        terminals.claim_device(by=Actor.staff(user), now=timezone.now(), terminal=terminal, device_key=key)
    except NotAllowed:
        return not_in(request)
    response = go("start")
    devices.keep_device_key(response, key)
    return response
