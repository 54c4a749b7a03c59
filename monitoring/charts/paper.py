"""A picture of a page made ready for paper: a fixed width, and nothing that only browsers know.

On a page places across are per cent of the width, and curves stand in a plot that is stretched while its strokes are
not (`vector-effect`). Whatever sets a PDF knows the one only of a picture with a size and the other not at all, so
here every place becomes a number of pixels and the stretching is done to the places themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

ACROSS = frozenset({"x", "x1", "x2", "cx", "width"})
DOWN = frozenset({"y", "y1", "y2", "cy", "height"})
# For readers of the page and for the mouse. The picture's words stand beside it in the file.
LEFT_OUT = frozenset({"class", "role", "tabindex", "href", "vector-effect", "id"})
WORDS_ONLY = frozenset({"title", "desc"})
_COMMAND = re.compile(r"([MLh])([^MLhZ]*)|Z")


def on_paper(svg: str, *, width: int, font: str) -> str:
    """The picture `width` pixels wide, its words in `font`. `svg` is one that our own templates drew."""
    reader = _Reader(width, font)
    reader.feed(svg)
    reader.close()
    return "".join(reader.parts)


@dataclass(frozen=True)
class _Frame:
    """What per cent are of inside an element, in pixels, and how much its paths are stretched across."""

    width: float
    height: float
    stretched: float = 1.0


class _Reader(HTMLParser):
    """Writes anew what it reads. Names come in small letters, which our pictures have anyway."""

    def __init__(self, width: int, font: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._font = font
        self._frames = [_Frame(width, 0)]
        self._open: list[str] = []
        self._skipped = 0
        self._edges = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs, closed=False)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs, closed=True)

    def handle_endtag(self, tag: str) -> None:
        if tag in WORDS_ONLY:
            self._skipped -= 1
            return
        if tag == "svg":
            self._frames.pop()
        self.parts.append(f"</{self._open.pop()}>")

    def handle_data(self, data: str) -> None:
        if not self._skipped and data.strip():
            self.parts.append(escape(data, quote=False))

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]], *, closed: bool) -> None:
        if tag in WORDS_ONLY:
            self._skipped += not closed
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "svg":
            written, name = self._svg(given), "g" if self._open else "svg"
        else:
            frame = self._frames[-1]
            written = _attributes({key: _placed(key, value, frame) for key, value in given.items() if _is_kept(key)})
            name = "g" if tag == "a" else tag
        self.parts.append(f"<{name}{written}{'/>' if closed else '>'}")
        if not closed:
            self._open.append(name)
        elif tag == "svg":
            self._frames.pop()

    def _svg(self, given: dict[str, str]) -> str:
        """The picture itself, or a picture in it, which becomes a group at its place."""
        outer = self._frames[-1]
        width, height = _pixels(given["width"], outer.width), _pixels(given["height"], outer.height)
        kept = {key: value for key, value in given.items() if key in ("fill", "stroke", "stroke-linecap", "font-size")}
        if not self._open:
            self._frames.append(_Frame(width, height))
            size = {"xmlns": "http://www.w3.org/2000/svg", "width": _short(width), "height": _short(height)}
            return _attributes({**size, **kept, "font-family": self._font})
        x, y = _pixels(given.get("x", "0"), outer.width), _pixels(given.get("y", "0"), outer.height)
        units = given.get("viewbox", "").split()
        self._frames.append(_Frame(width, height, width / float(units[2]) if units else 1.0))
        if units and given.get("overflow") != "visible":
            kept["clip-path"] = f"url(#{self._edge(width, height)})"
        return _attributes({**kept, "transform": f"translate({_short(x)} {_short(y)})"})

    def _edge(self, width: float, height: float) -> str:
        """A plot whose curves end at its edge: the name of the edge, which stands before the plot."""
        self._edges += 1
        name = f"edge-{self._edges}"
        inside = _attributes({"width": _short(width), "height": _short(height)})
        self.parts.append(f'<clipPath id="{name}"><rect{inside}/></clipPath>')
        return name


def _is_kept(key: str) -> bool:
    return key not in LEFT_OUT and not key.startswith("aria-")


def _placed(key: str, value: str, frame: _Frame) -> str:
    if key == "d":
        return _stretched(value, frame.stretched)
    if key in ACROSS:
        return _short(_pixels(value, frame.width))
    return _short(_pixels(value, frame.height)) if key in DOWN else value


def _pixels(value: str, whole: float) -> float:
    return whole * float(value[:-1]) / 100 if value.endswith("%") else float(value)


def _stretched(path: str, times: float) -> str:
    """A path of lines to places and marks of almost no length (`M`, `L`, `h`), its places across made wider."""
    if times == 1:
        return path
    found = []
    for command in _COMMAND.finditer(path):
        letter, numbers = command.group(1), (command.group(2) or "").split()
        if letter in ("M", "L"):
            found.append(f"{letter}{_short(float(numbers[0]) * times)} {numbers[1]}")
        else:
            # A mark keeps its length: without one, square ends would be lost.
            found.append(command.group(0))
    return "".join(found)


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in values.items())


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
