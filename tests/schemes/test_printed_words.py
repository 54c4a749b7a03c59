"""Words of the papers that prisoners read: every sentence in both languages."""

from __future__ import annotations

import string
from datetime import date

import pytest

from schemes.printed_words import NEVER, WORDS, day_of, language_of, say


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_no_sentence_lacks_welsh(key: str) -> None:
    english, welsh = WORDS[key]
    assert english.strip() and welsh.strip() and english != welsh
    assert fields(english) == fields(welsh), f"{key} fills in different things"


def test_what_a_buddy_never_does_is_said() -> None:
    assert set(NEVER) <= set(WORDS)


def test_days_and_languages() -> None:
    assert day_of(date(2026, 11, 3), "en") == "3 November 2026"
    assert day_of(date(2026, 11, 3), "cy") == "3 Tachwedd 2026"
    assert (language_of("cy"), language_of("xx"), language_of("")) == ("cy", "en", "en")
    with pytest.raises(KeyError):
        say("nowhere", "en")
