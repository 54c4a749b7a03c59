"""How a browser is known as an enrolled terminal, and a person in it: two cookies of our own.

The terminal never reads the staff session. Both cookies hold random values of which the database keeps hashes.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from buddyscheme.accounts.models import Terminal
from referrals import codes

# Browsers keep a cookie for 400 days at most; each start of the terminal's page renews it.
DEVICE_SECONDS = 400 * 24 * 60 * 60
HAND_OVER_SECONDS = 10 * 60
HAND_OVER_SALT = "terminal.hand-over"
BESIDE_SALT = "terminal.beside"


def cookie_name(name: str) -> str:
    """With the prefix that ties a cookie to one host, where connections are encrypted."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def device_cookie() -> str:
    """Holds the machine's key."""
    return cookie_name("terminal_device")


def beside_cookie() -> str:
    """On the staff host, when the terminal has a host of its own: says which terminal this machine is."""
    return cookie_name("terminal_beside")


def entry_cookie() -> str:
    """Holds the key of the person who is in."""
    return cookie_name("terminal_entry")


def set_cookie(response: HttpResponse, name: str, value: str, *, samesite: Any, max_age: int | None = None) -> None:
    """Out of reach of scripts, for the whole host."""
    response.set_cookie(
        name, value, max_age=max_age, path="/", httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite=samesite
    )


def keep_device_key(response: HttpResponse, key: str) -> None:
    """Make this browser the terminal whose key it is."""
    set_cookie(response, device_cookie(), key, samesite="Lax", max_age=DEVICE_SECONDS)


def expire(response: HttpResponse, name: str, *, samesite: Any = "Strict") -> None:
    """Take one cookie away by name."""
    response.set_cookie(
        name, "", max_age=0, path="/", httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite=samesite
    )


def terminal_of(request: HttpRequest) -> Terminal | None:
    """The enrolled terminal that this browser is, if it is one."""
    key = request.COOKIES.get(device_cookie(), "")
    if not key:
        return None
    machines = Terminal.objects.filter(device_hash=codes.key_hash(key), withdrawn_at=None)
    return machines.select_related("prison", "wing").first()


def is_this_machine(request: HttpRequest, terminal: Terminal) -> bool:
    """Whether a member of staff sits at this very terminal."""
    here = terminal_of(request)
    if here is not None:
        return here.pk == terminal.pk
    try:
        token = signing.loads(request.COOKIES.get(beside_cookie(), ""), salt=BESIDE_SALT)
    except signing.BadSignature:
        return False
    return bool(token == terminal.token)


def hand_over(terminal: Terminal, user_id: int) -> str:
    """A short-lived value with which the terminal's own host makes this browser the terminal."""
    return signing.dumps({"terminal": terminal.token, "user": user_id}, salt=HAND_OVER_SALT)


def taken_over(value: str) -> tuple[str, int] | None:
    """Terminal's token and the administrator's id, if the value is ours and fresh."""
    try:
        said = signing.loads(value, salt=HAND_OVER_SALT, max_age=HAND_OVER_SECONDS)
    except signing.BadSignature:
        return None
    return said["terminal"], said["user"]
