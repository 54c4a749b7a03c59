"""Links above a paper for a prisoner's own hands: to its other formats, and to its other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from schemes.printed_words import ENGLISH


def format_links(
    here: str, formats: Mapping[str, str], form: str, language: str, others: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Every format in this language, then this format in the other languages (code and own name)."""

    def href(form: str, language: str) -> str:
        asked = {"format": form, "language": "" if language == ENGLISH else language}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{here}?{query}" if query else here

    links = [
        {"text": text, "href": href(code, language), "current": code == form, "lang": ""}
        for code, text in formats.items()
    ]
    return links + [{"text": name, "href": href(form, code), "current": False, "lang": code} for code, name in others]
