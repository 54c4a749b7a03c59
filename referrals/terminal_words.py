"""The words of the terminal: one data file for each language, found by their folder.

A file of `data/terminal_words/` is named by the code of its language and holds lines of four: the key, the sentence,
the easy-read sentence where it is another one, and whether a translator has confirmed it ("yes" or nothing). Three
lines at its top begin with "@": the language's own name, its name in English, and the voice of the speech engine.
A name in braces is filled in when the sentence is shown.

English and Welsh names of tasks stand in the catalogue; in a file of another language each has a line as well, with
"task_" and the code as its key.

So a further language is one more file. A language that lacks a sentence is refused when the service starts: nobody
finds out at the screen.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from schemes.task_names import task_names

FOLDER = Path(__file__).parent / "data" / "terminal_words"
ENGLISH, WELSH = "en", "cy"
HEADINGS = ["key", "text", "easy", "checked"]
ABOUT = ("@name", "@english", "@voice")
YES = "yes"
TASK = "task_"


@dataclass(frozen=True)
class Language:
    """One language: what it is called, its voice, and its sentences by key."""

    code: str
    name: str
    english_name: str
    voice: str
    texts: dict[str, str]
    easy: dict[str, str]
    unchecked: frozenset[str] = field(default=frozenset())

    def say(self, key: str, *, easy: bool = False) -> str:
        """A sentence with its braces. An unknown key is an error: no string may be missing."""
        return (self.easy.get(key) if easy else None) or self.texts[key]

    def task(self, code: str) -> str:
        """The name of a task, where the language brings it along."""
        return self.texts.get(f"{TASK}{code}", "")

    @property
    def whole(self) -> list[str]:
        """Every sentence that has nothing to fill in, each once: what can be recorded."""
        said = [*self.texts.values(), *self.easy.values()]
        return [text for text in dict.fromkeys(said) if not fields(text)]


def load(folder: Path = FOLDER) -> tuple[Language, ...]:
    """All languages, English first and Welsh second. One that is incomplete or badly made stops the service."""
    paths = sorted(folder.glob("*.csv"), key=lambda path: (path.stem != ENGLISH, path.stem != WELSH, path.stem))
    rows = {path.stem: _rows(path) for path in paths}
    wrong = list(_wrong(rows))
    if wrong:
        raise ImproperlyConfigured("The words of the terminal are not complete:\n" + "\n".join(wrong))
    return tuple(_language(code, lines) for code, lines in rows.items())


@cache
def languages() -> tuple[Language, ...]:
    """Those of the service, read once: the files are part of it and change with it alone."""
    return load()


def fields(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != HEADINGS:
            raise ImproperlyConfigured(f"{path}: the headings must be {', '.join(HEADINGS)}.")
        return list(reader)


def _language(code: str, rows: list[dict[str, str]]) -> Language:
    about = {row["key"]: row["text"] for row in rows if row["key"] in ABOUT}
    sentences = [row for row in rows if row["key"] not in ABOUT]
    return Language(
        code=code,
        name=about["@name"],
        english_name=about["@english"],
        voice=about["@voice"],
        texts={row["key"]: row["text"] for row in sentences},
        easy={row["key"]: row["easy"] for row in sentences if row["easy"]},
        unchecked=frozenset(row["key"] for row in sentences if row["checked"] != YES),
    )


def _wrong(rows: dict[str, list[dict[str, str]]]) -> Iterator[str]:
    """What is wrong with the files, one line each."""
    if ENGLISH not in rows:
        yield f"{ENGLISH}.csv is missing."
        return
    sentences = {row["key"]: row["text"] for row in rows[ENGLISH]}
    tasks = {f"{TASK}{names['code']}": names[ENGLISH] for names in task_names()}
    for code, lines in rows.items():
        english = sentences if code in (ENGLISH, WELSH) else sentences | tasks
        keys = [row["key"] for row in lines]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield f"{code}.csv: {key} stands there twice."
        for key in [*(k for k in english if k not in keys), *(k for k in ABOUT if k not in keys)]:
            yield f"{code}.csv: {key} is missing."
        for row in lines:
            yield from (f"{code}.csv: {row['key']} {what}" for what in _wrong_row(row, english))


def _wrong_row(row: dict[str, str], english: dict[str, str]) -> Iterator[str]:
    if None in row or None in row.values():
        yield "has another number of columns than four."
        return
    if row["key"] not in english:
        yield "is not a key of English."
        return
    if not row["text"].strip():
        yield "has no text."
    if row["checked"] not in ("", YES):
        yield f'is checked "{YES}" or not at all.'
    for text in filter(None, (row["text"], row["easy"])):
        try:
            found = fields(text)
        except ValueError:
            yield "has braces that do not close."
        else:
            if found - fields(english[row["key"]]) or (text == row["text"] and found != fields(english[row["key"]])):
                yield "fills in other things than English."
        if text != text.strip() or not text.isprintable():
            yield "has spaces around it, or characters that cannot be seen."
