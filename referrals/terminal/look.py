"""How the terminal looks and sounds: language, text size, contrast, easy read, reading aloud.

A small cookie that says nothing about who chose it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse

from referrals import devices
from referrals.terminal.words import ENGLISH, LANGUAGES

COOKIE = "terminal_look"
SIZES = 3


@dataclass(frozen=True)
class Look:
    """`size` goes round from 0 to 2; `contrast` is light letters on black.

    `easy` has shorter words and bigger pictures; with `sound` each page is read as it comes, where there is a headset.
    """

    language: str = ENGLISH
    size: int = 0
    contrast: bool = False
    easy: bool = False
    sound: bool = False

    def changed(self, what: str) -> Look:
        """One tap on one of the controls; `what` is a control or the code of a language.

        "language" is the next one.
        """
        if what == "language":
            what = LANGUAGES[(LANGUAGES.index(self.language) + 1) % len(LANGUAGES)]
        if what in LANGUAGES:
            return replace(self, language=what)
        if what == "size":
            return replace(self, size=(self.size + 1) % SIZES)
        if what == "easy":
            return replace(self, easy=not self.easy)
        if what == "sound":
            return replace(self, sound=not self.sound)
        return replace(self, contrast=not self.contrast)


def look_of(request: HttpRequest) -> Look:
    """What the cookie says; nonsense is the plain look."""
    language, *rest = request.COOKIES.get(COOKIE, "").split("-")
    if language not in LANGUAGES or not rest or rest[0] not in ("0", "1", "2"):
        return Look()
    return Look(language, int(rest[0]), *(part == "1" for part in rest[1:4]))


def keep(response: HttpResponse, look: Look) -> None:
    """Until the person leaves or the browser closes."""
    parts = (int(part) for part in (look.size, look.contrast, look.easy, look.sound))
    devices.set_cookie(response, COOKIE, "-".join([look.language, *map(str, parts)]), samesite="Strict")


def forget(response: HttpResponse) -> None:
    """The next person starts with the plain look."""
    devices.expire(response, COOKIE)
