"""Every word of the terminal, as whole sentences, in each language that has a file of its own.

The Welsh is awaiting a translator's check: it was written with the project and nobody has confirmed it yet. Staff see
that where machines are enrolled; prisoners are not asked to judge it.
"""

from __future__ import annotations

from datetime import date

from referrals import terminal_words
from referrals.terminal_words import ENGLISH, WELSH, Language

CATALOGUE = {language.code: language for language in terminal_words.languages()}
LANGUAGES = tuple(CATALOGUE)

# key: its sentence in each language, in their order.
WORDS: dict[str, tuple[str, ...]] = {
    key: tuple(language.texts[key] for language in CATALOGUE.values()) for key in CATALOGUE[ENGLISH].texts
}
MONTHS = {code: tuple(one.texts[f"month_{n}"] for n in range(1, 13)) for code, one in CATALOGUE.items()}
# As they follow "on": in Welsh a day of the week carries its own word for it.
WEEKDAYS = {code: tuple(one.texts[f"weekday_{n}"] for n in range(1, 8)) for code, one in CATALOGUE.items()}

__all__ = [
    "CATALOGUE",
    "ENGLISH",
    "LANGUAGES",
    "MONTHS",
    "WEEKDAYS",
    "WELSH",
    "WORDS",
    "Language",
    "day_in",
    "name_in",
    "say",
    "task_in",
]


def say(key: str, language: str, *, easy: bool = False, **values: object) -> str:
    """The sentence in this language. An unknown key is an error: no string may be missing."""
    text = CATALOGUE[language].say(key, easy=easy)
    return text.format(**values) if values else text


def day_in(language: str, day: date) -> str:
    """A day with its year."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def name_in(language: str, english: str, welsh: str) -> str:
    """A name that is kept beside its record; the Welsh one where there is one."""
    return (welsh if language == WELSH else "") or english


def task_in(language: str, code: str, english: str, welsh: str) -> str:
    """The name of a task: of the catalogue in English and Welsh, of its own file in any other language."""
    return CATALOGUE[language].task(code) or name_in(language, english, welsh)
