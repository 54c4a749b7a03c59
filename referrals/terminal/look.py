"""How the terminal looks: language, text size, contrast. A small cookie that says nothing about who chose it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from referrals import devices
from referrals.terminal.words import ENGLISH, LANGUAGES, WELSH

COOKIE = "terminal_look"
SIZES = 3


@dataclass(frozen=True)
class Look:
    """`size` goes round from 0 to 2; `contrast` is light letters on black."""

    language: str = ENGLISH
    size: int = 0
    contrast: bool = False

    @property
    def other_language(self) -> str:
        return WELSH if self.language == ENGLISH else ENGLISH

    def changed(self, what: str) -> Look:
        """One tap on one of the controls."""
        if what == "language":
            return replace(self, language=self.other_language)
        if what == "size":
            return replace(self, size=(self.size + 1) % SIZES)
        return replace(self, contrast=not self.contrast)


def look_of(request: HttpRequest) -> Look:
    """What the cookie says; nonsense is the plain look."""
    parts = request.COOKIES.get(COOKIE, "").split("-")
    if len(parts) != 3 or parts[0] not in LANGUAGES or parts[1] not in ("0", "1", "2"):
        return Look()
    return Look(language=parts[0], size=int(parts[1]), contrast=parts[2] == "1")


def keep(response: HttpResponse, look: Look) -> None:
    """Until the person leaves or the browser closes."""
    devices.set_cookie(response, COOKIE, f"{look.language}-{look.size}-{int(look.contrast)}", samesite="Strict")


def forget(response: HttpResponse) -> None:
    """The next person starts with the plain look."""
    devices.expire(response, COOKIE)
