"""What a page of the terminal says aloud: the words on the screen, part by part, each with the address of its sound.

The page is rendered first and read here afterwards, so that what is heard is what is seen, whoever wrote the template.
A part is one heading, paragraph, line of a list, label or button. The address of a sound holds its text, sealed for
this machine and this entry: nobody else can ask for it, it is of few lengths, and it tells a log nothing.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from referrals import devices, speech
from referrals.rules.windows import ABSOLUTE
from referrals.terminal.words import CATALOGUE

BLOCK = 128
PARTS = ("h1", "h2", "h3", "p", "li", "label", "dt", "dd", "legend")
# Whatever is tapped is a part, also in the bar of controls.
TAPPED = {"tap", "bar-item", "skip"}
# What never speaks. `data-spoken` marks a hidden sentence that is for the ear.
SILENT = ("script", "style", "svg", "textarea", "title", "select")
VOID = ("input", "meta", "link", "br", "img", "hr", "use")

Said = list[tuple[str, str]]


def with_sound(request: HttpRequest, page: str, language: str) -> str:
    """The page with `data-say` on each part: pairs of an address, empty where the browser has to speak, and a text."""
    reader = Reader(language)
    reader.feed(page)
    reader.close()
    for part in reader.parts:
        said = json.dumps(_sounds(request, part), ensure_ascii=False, separators=(",", ":"))
        reader.out[part.place] = part.tag[:-1] + f' data-say="{html.escape(said)}">'
    return "".join(reader.out)


@dataclass
class Part:
    """One part: where its start tag is in the output, and its texts with their languages."""

    place: int
    tag: str
    depth: int
    texts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def whole(self) -> str:
        return " ".join(text for _, text in self.texts)


class Reader(HTMLParser):
    """Goes through a page once and finds its parts. What it read comes out again as it was."""

    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=False)
        self.language = language
        self.out: list[str] = []
        self.parts: list[Part] = []
        # Text of the main part of the screen that no part holds: it would be seen and not heard.
        self.unheard: list[str] = []
        self._open: list[tuple[str, str, bool, bool]] = []  # tag, language, silent, in main
        self._part: Part | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text()
        raw, given = self.get_starttag_text() or "", dict(attrs)
        if tag not in VOID:
            _, language, silent, main = self._open[-1] if self._open else ("", self.language, False, False)
            spoken = "data-spoken" in given
            silent = silent or tag in SILENT or given.get("aria-hidden") == "true" or ("hidden" in given and not spoken)
            # What covers the screen is hidden until it is needed.
            silent = silent and "cover" not in (given.get("class") or "").split()
            self._open.append((tag, given.get("lang") or language, silent, main or tag == "main"))
            classes = set((given.get("class") or "").split())
            if self._part is None and not silent and (tag in PARTS or classes & TAPPED or spoken):
                self._part = Part(len(self.out), raw, len(self._open))
        self.out.append(raw)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end_text()
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._end_text()
        self.out.append(f"</{tag}>")
        while self._open and self._open[-1][0] != tag and any(one[0] == tag for one in self._open):
            self._open.pop()
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        if self._part is not None and len(self._open) < self._part.depth:
            if self._part.texts:
                self.parts.append(self._part)
            self._part = None

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(html.unescape(f"&{name};"))
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text.append(html.unescape(f"&#{name};"))
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def close(self) -> None:
        super().close()
        self._end_text()

    def _end_text(self) -> None:
        """A text is whole when the next tag begins."""
        text, self._text = " ".join("".join(self._text).split()), []
        if not text or not self._open:
            return
        _, language, silent, main = self._open[-1]
        if silent:
            return
        if self._part is not None:
            self._part.texts.append((language if language in CATALOGUE else self.language, text))
        elif main:
            self.unheard.append(text)


def _sounds(request: HttpRequest, part: Part) -> Said:
    """The fewest sounds that make up the part: recorded sentences, and one live one for what stands between them."""
    first = part.texts[0][0]
    if all(code == first for code, _ in part.texts) and speech.recording(first, part.whole).exists():
        return [(_address(request, first, part.whole), part.whole)]
    pieces: list[tuple[str, str, bool]] = []
    for code, text in part.texts:
        recorded = speech.recording(code, text).exists()
        if pieces and not recorded and not pieces[-1][2] and pieces[-1][0] == code:
            text = f"{pieces.pop()[1]} {text}"
        pieces.append((code, text, recorded))
    live = speech.engine() is not None
    return [(_address(request, code, text) if recorded or live else "", text) for code, text, recorded in pieces]


def _address(request: HttpRequest, code: str, text: str) -> str:
    plain = f"{code}\n{text}".encode()
    if len(text) > speech.MOST_LETTERS:
        return ""
    sealed = _box(request).encrypt(plain.ljust(-(-len(plain) // BLOCK) * BLOCK))
    return reverse("terminal:say", args=[sealed.decode()])


def unseal(request: HttpRequest, value: str) -> tuple[str, str] | None:
    """Language and text of an address; None for another machine's, another entry's, an old one and nonsense."""
    try:
        plain = _box(request).decrypt(value.encode(), ttl=int(ABSOLUTE.total_seconds())).decode().rstrip()
    except InvalidToken:
        return None
    code, _, text = plain.partition("\n")
    return (code, text) if code in CATALOGUE and text else None


def _box(request: HttpRequest) -> Fernet:
    cookies = [request.COOKIES.get(name, "") for name in (devices.device_cookie(), devices.entry_cookie())]
    key = hashlib.sha256("\n".join(["terminal.sound", settings.SECRET_KEY, *cookies]).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
