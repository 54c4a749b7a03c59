"""The boundary guard: does a free text describe care that no prisoner may give another?

Pure: text and phrases in, hits out. A hit holds the text for a second person; it never refuses by
itself. The phrases are data (``data/boundary_phrases.csv``): a language, the code
of the prohibited task, a pattern, and what makes it harmless. Phrases cover PRO-01 to PRO-16 of the
task catalogue; hygiene of parts not covered by clothes (restricted, off by default) is held under
PRO-03 or PRO-04, since it needs a named approver.

How a phrase is written is told in `boundary_patterns`. A negation makes a text harmless only where
the row's *unless* says so.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from referrals.boundary_patterns import Node, Parser, Place
from referrals.boundary_text import tokens_of

DATA = Path(__file__).parent / "data" / "boundary_phrases.csv"


@dataclass(frozen=True)
class Phrase:
    """One row of the list, ready to look for. ``code`` is that of the prohibited task."""

    language: str
    code: str
    text: str
    pattern: Node
    unless: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Hit:
    """Words that describe a prohibited task: ``text[start:end]`` of what was given."""

    code: str
    language: str
    phrase: str
    words: str
    start: int
    end: int


def make_phrases(rows: Iterable[Mapping[str, str]]) -> tuple[Phrase, ...]:
    """Phrases from rows with ``language``, ``code``, ``phrase`` and ``unless`` (may be empty).

    Raises ``ValueError`` that names the row when a pattern cannot be read.
    """
    rows = [{name: (row.get(name) or "").strip() for name in _COLUMNS} for row in rows]
    sets: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["code"].startswith("@"):
            sets.setdefault(row["language"], {})[row["code"]] = row["phrase"]
    parsers: dict[str, Parser] = {}
    phrases = []
    for number, row in enumerate(rows, start=1):
        if row["code"].startswith("@"):
            continue
        language = row["language"]
        try:
            if language not in parsers:
                parsers[language] = Parser(language, sets.get(language, {}))
            parser = parsers[language]
            pattern, unless = parser.pattern(row["phrase"]), parser.patterns(row["unless"])
        except ValueError as error:
            raise ValueError(f"Row {number} of the phrases, “{row['phrase']}”: {error}") from error
        phrases.append(Phrase(language, row["code"], row["phrase"], pattern, unless))
    return tuple(phrases)


_COLUMNS = ("language", "code", "phrase", "unless")


@cache
def standard_phrases() -> tuple[Phrase, ...]:
    """The phrases of ``data/boundary_phrases.csv``."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return make_phrases(csv.DictReader(file))


def find(text: str, phrases: Sequence[Phrase] | None = None) -> tuple[Hit, ...]:
    """What in ``text`` describes a prohibited task, in order of place; empty when nothing does.

    Of hits for one task that overlap only the longest is given. Without ``phrases`` the standard
    list is used.
    """
    place = Place(tokens_of(text))
    spans: list[tuple[int, int, Phrase]] = []
    for phrase in standard_phrases() if phrases is None else phrases:
        for start in range(len(place.tokens)):
            for end in phrase.pattern.ends(place, start):
                if end > start and not _harmless(place, (start, end), phrase):
                    spans.append((start, end, phrase))
    return _longest(text, place, spans)


def _harmless(place: Place, hit: tuple[int, int], phrase: Phrase) -> bool:
    """Whether an *unless* of the phrase shares a word with the hit."""
    around = Place(place.tokens, hit)
    first = max(0, hit[0] - _REACH)
    return any(
        end > hit[0] for unless in phrase.unless for start in range(first, hit[1]) for end in unless.ends(around, start)
    )


_REACH = 16


def _longest(text: str, place: Place, spans: Iterable[tuple[int, int, Phrase]]) -> tuple[Hit, ...]:
    kept: list[tuple[int, int, Phrase]] = []
    for span in sorted(spans, key=lambda one: (one[0] - one[1], one[0], one[2].text)):
        if not any(span[0] < other[1] and other[0] < span[1] and span[2].code == other[2].code for other in kept):
            kept.append(span)
    hits = []
    for first, after, phrase in sorted(kept, key=lambda one: (one[0], one[1], one[2].code)):
        start, end = place.tokens[first].start, place.tokens[after - 1].end
        words = " ".join(text[start:end].split())
        hits.append(Hit(phrase.code, phrase.language, phrase.text, words, start, end))
    return tuple(hits)
