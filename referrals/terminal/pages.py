"""One way to make a terminal page: without the staff frame, never kept, in the chosen look."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from buddyscheme.lib.controls import new_form_key
from referrals import devices
from referrals.rules.windows import IDLE
from referrals.terminal.look import Look, forget, look_of
from referrals.terminal.sound import with_sound
from referrals.terminal.words import CATALOGUE, say

WARN_BEFORE_SECONDS = 60
# After this long without a touch the screen is covered, so that nobody who passes reads it.
DIM_SECONDS = 60
# An error leads nowhere, so it does not stay for long.
ERROR_SECONDS = 60
NO_PAGE = (404, 405)
ADDRESS = "/terminal/"
LONGEST_ADDRESS = 4000
# Pages from which one taps to what is kept about a person.
WITH_PRIVACY = ("closed.html", "start.html", "home.html")
# Pages that say one thing and lead home, by name: a picture and its sentences, the heading first.
MESSAGES = {
    # The same after a visit and after a message to staff.
    "thanks": ("tick", "thanks", "what_next"),
    # After anything that somebody says about their own help.
    "own_thanks": ("tick", "own_thanks", "own_next"),
    # Somebody whom no buddy helps now.
    "no_help": ("together", "no_help_now"),
    "problem": ("officer", "not_saved"),
    # Somebody else's visit, an old one and nonsense alike.
    "lost": ("officer", "closed"),
}


class TerminalPage(HttpResponse):
    """A page of the terminal's own: an error that is one already needs no other in its place."""


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Render a template with the terminal's own context and nothing of the staff pages."""
    look = look_of(request)
    own: dict[str, Any] = {
        **_looks(look),
        "inside": getattr(request, "inside", None) is not None,
        "address": request.get_full_path() if request.method == "GET" else request.path,
        # When the page goes back to the start by itself, with and without a script. None: it stays.
        "closes_after": int(IDLE.total_seconds()) if getattr(request, "inside", None) else None,
        "warn_seconds": int(IDLE.total_seconds()) - WARN_BEFORE_SECONDS,
        "dim_seconds": DIM_SECONDS,
        "new_key": new_form_key(),
        "heard": has_headset(request),
        "about_privacy": template in WITH_PRIVACY,
    }
    text: str = render_to_string(f"terminal/{template}", {**own, **(context or {})}, request)
    if has_headset(request):
        text = with_sound(request, text, look.language)
    return never_kept(TerminalPage(text, status=status))


def message(request: HttpRequest, name: str, status: int = 200) -> HttpResponse:
    """One of `MESSAGES`."""
    picture, heading, *sentences = MESSAGES[name]
    return page(request, "message.html", {"picture": picture, "heading": heading, "sentences": sentences}, status)


def has_headset(request: HttpRequest) -> bool:
    """Whether this machine may speak: names must not be heard on the wing. Known once the machine was looked up."""
    here = getattr(request, "here", None)
    return here is not None and here.terminal.has_headset


def _looks(look: Look) -> dict[str, Any]:
    """What every page needs to be in the chosen look and language."""
    others = [one for one in CATALOGUE.values() if one.code != look.language]
    return {
        "look": look,
        "words": partial(say, language=look.language, easy=look.easy),
        # With one other language that one is a tap away; with more there is a page to choose from.
        "other_language": others[0] if len(others) == 1 else None,
    }


def error(request: HttpRequest, status: int) -> HttpResponse:
    """Whatever went wrong, in the look of the terminal. Needs no database, since that may be what broke."""
    look = look_of(request)
    text = render_to_string("terminal/error.html", {
        **_looks(look),
        "address": request.path,
        "closes_after": ERROR_SECONDS,
        "demo": settings.DEMO,
        "heading": "no_page" if status in NO_PAGE else "went_wrong",
    })  # fmt: skip
    return never_kept(TerminalPage(text, status=status))


def never_kept(response: HttpResponse) -> HttpResponse:
    """No copy anywhere, and none for another cookie's holder."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie"
    return response


def cleared(response: HttpResponse) -> HttpResponse:
    """Nothing of the last person is left: their cookie by name, the look, cache and storage."""
    devices.expire(response, devices.entry_cookie())
    forget(response)
    # Never "cookies": that would undo the machine's enrolment.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return never_kept(response)


def go(name: str, *args: Any) -> HttpResponse:
    """A redirect within the terminal."""
    return never_kept(redirect(f"terminal:{name}", *args))


def covered(request: HttpRequest) -> HttpResponse:
    """The screen is hidden: it stays so until its person comes back, to where they were."""
    response = go("hide")
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    response["Location"] += "?" + urlencode({"next": back})
    return response


def own_address(wanted: str, otherwise: str) -> str:
    """An address of the terminal that came with the request; anything else is `otherwise`."""
    ours = wanted.startswith(ADDRESS) and wanted.isprintable() and len(wanted) < LONGEST_ADDRESS
    return wanted if ours and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise


def not_in(request: HttpRequest, *, kept: bool = False) -> HttpResponse:
    """Nobody is in: whatever was asked for, the start page answers, and what is left of a person is cleared.

    `kept`: something half filled was kept for them, and they are told so.
    """
    response = go("start")
    if kept:
        response["Location"] += "?e=6"
    return cleared(response) if devices.entry_cookie() in request.COOKIES else response
