"""The boundary guard: does a free text describe care that no prisoner may give another?

Pure: text and phrases in, hits out. A hit holds the text for a second person; it never refuses by
itself (``settled`` 19). The phrases are data (``data/boundary_phrases.csv``): a language, the code
of the prohibited task, a pattern, and what makes it harmless. Phrases cover PRO-01 to PRO-16 of the
task catalogue; hygiene of parts not covered by clothes (restricted, off by default) is held under
PRO-03 or PRO-04, since it needs a named approver.

A pattern is words separated by spaces:

=============  ====================================================================================
``wash``       the word in any of its forms (English endings, Welsh mutations)
``=wash``      this form only
``a|b|@set``   any of these; a set is a row whose code starts with ``@``, patterns split by ``;``
``<3>``        up to three words between, and any commas
``[3]``        the same, but neither a comma nor a word of ``@break`` (another person, "and")
``x?`` ``x*``  once or not at all; up to six times
``!x`` ``&x``  not followed by, followed by
``^`` ``$``    a clause begins, a clause ends
``ANY``        one word; ``NAME`` one with a capital inside a sentence; ``POSS`` one with 's
``HIT``        only in *unless*: the words that were hit
=============  ====================================================================================

Nothing matches across the end of a sentence. A negation makes a text harmless only where the row's
*unless* says so.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

DATA = Path(__file__).parent / "data" / "boundary_phrases.csv"

# --- text to words -------------------------------------------------------------------------------

_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02b9\u2032\u0060\u00b4\uff07"
_ENDS = ".!?\u2026"
_COMMAS = ',;:()[]/\u2013\u2014|\u2022\u00b7*"\u201c\u201d&+'
# Letters of other alphabets that look like ours.
_LOOK_ALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u0475\u04bb\u0442\u043d\u043a\u043c"
    "\u03b1\u03b5\u03bf\u03c1\u03b9\u03bd\u03ba\u03c5\u0131\u0261",
    "aeopcyxisjdvhtnkmaeopivkuig",
)
# a'i, i'w, a'u, a'r, a'n, a'm, a'th: the Welsh words that lean on the one before.
_LEANING = {"i": "ei", "w": "ei", "u": "eu", "r": "yr", "n": "ein", "m": "fy", "th": "dy"}
_PRONOUNS_IS = frozenset({"he", "she", "it", "who", "that", "there", "what", "let", "here"})
_NO_APOSTROPHE = {
    **dict.fromkeys(("cannot", "cant"), ("can", "not")),
    **{f"{word}nt": (word, "not") for word in ("do", "does", "did", "is", "are", "should", "must")},
    "wont": ("will", "not"),
    "shouldnt": ("should", "not"),
}
# Words with a capital that are nobody's name.
_NOT_NAMES = frozenset(
    {
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february"),
        *("march", "april", "may", "june", "july", "august", "september", "october", "november", "december"),
        *("christmas", "easter", "ramadan", "english", "welsh", "i", "mr", "mrs", "ms", "miss", "dr"),
    }
)
_LETTERS_APART = 4


@dataclass(frozen=True)
class Token:
    """One word, ``,`` for the end of a clause or ``.`` for that of a sentence.

    ``start`` and ``end`` are places in the original text.
    """

    word: str
    start: int
    end: int
    possessive: bool = False
    name: bool = False


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text in lower case, without accents and unseen characters."""
    tokens = _join_letters_apart(list(_raw_tokens(text)), text)
    return (Token(".", 0, 0), *tokens, Token(".", len(text), len(text)))


def _raw_tokens(text: str) -> Iterator[Token]:
    letters: list[tuple[str, int]] = []
    shouting = sum(map(str.isupper, text)) > sum(map(str.islower, text))
    opening = True
    for place, character in enumerate(text):
        for plain in _plain(character):
            if plain.isalnum() or (letters and plain == "'"):
                letters.append((plain, place))
                continue
            if letters:
                yield from _words(letters, text, opening or shouting)
                letters, opening = [], False
            mark = _mark(plain, text, place)
            if mark:
                yield Token(mark, place, place)
                opening = opening or mark == "." or plain == ":"
    if letters:
        yield from _words(letters, text, opening or shouting)


def _plain(character: str) -> str:
    """A character in lower case without accent; nothing for marks, zero-width and bidi controls."""
    if character in _APOSTROPHES:
        return "'"
    if unicodedata.category(character) == "Cf":
        return ""
    if character in _COMMAS or character in _ENDS or character.isspace():
        return character
    parts = unicodedata.normalize("NFKD", character).casefold().translate(_LOOK_ALIKES)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _mark(plain: str, text: str, place: int) -> str:
    after = text[place + 1 :]
    if plain in _ENDS:
        return "." if not after or after[0].isspace() or after[0] in _ENDS else ""
    if plain == "\n":
        # A line that goes on in lower case was only wrapped.
        going_on = after.lstrip(" \t")[:1]
        return "" if going_on.islower() else "."
    if plain in _COMMAS or (plain == "-" and after[:1].isspace()):
        return ","
    return ""


def _words(letters: list[tuple[str, int]], text: str, opening: bool) -> Iterator[Token]:
    """The one or more tokens of a run of letters and apostrophes: man's, don't, a'i, i'w."""
    word = "".join(letter for letter, _ in letters)
    start, end = letters[0][1], letters[-1][1] + 1
    capital = text[start].isupper() and not text[start:end].isupper()
    stem, _, ending = word.rstrip("'").partition("'")
    name = capital and not opening and stem not in _NOT_NAMES
    if ending in ("", "s"):
        possessive = (ending == "s" and stem not in _PRONOUNS_IS) or word.endswith("s'")
        for part in _NO_APOSTROPHE.get(stem, (stem,)):
            yield Token(part, start, end, possessive, name)
    elif ending == "t" and stem.endswith("n"):
        stems = {"can": "can", "won": "will", "shan": "shall"}
        yield Token(stems.get(stem, stem[:-1]), start, end)
        yield Token("not", start, end)
    else:
        yield Token(stem, start, end, name=name)
        yield Token(_LEANING.get(ending, ending), start, end)


def _join_letters_apart(tokens: list[Token], text: str) -> list[Token]:
    """``w a s h`` and ``w-a-s-h`` as one word."""
    joined: list[Token] = []
    run: list[Token] = []

    def close() -> None:
        if len(run) >= _LETTERS_APART:
            word = "".join(token.word for token in run)
            joined.append(Token(word, run[0].start, run[-1].end))
        else:
            joined.extend(run)
        run.clear()

    for token in tokens:
        alone = len(token.word) == 1 and token.word.isalpha() and token.end - token.start == 1
        apart = not run or not set(text[run[-1].end : token.start]) & set(_APOSTROPHES)
        if not (alone and apart):
            close()
        if alone:
            run.append(token)
        else:
            joined.append(token)
    close()
    return joined


# --- forms of a word -----------------------------------------------------------------------------


def english_forms(word: str) -> frozenset[str]:
    """A word with the endings of plural, third person, past and present participle."""
    forms = {word, f"{word}s", f"{word}es"}
    if word.endswith("e"):
        forms |= {f"{word}d", f"{word[:-1]}ing"}
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        forms |= {f"{word[:-1]}ies", f"{word[:-1]}ied", f"{word}ing"}
    else:
        forms |= {f"{word}ed", f"{word}ing"}
    if len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in "aeiou" and word[-3] not in "aeiou":
        forms |= {f"{word}{word[-1]}ed", f"{word}{word[-1]}ing"}
    return frozenset(forms)


_MUTATIONS = (
    ("ll", ("l",)),
    ("rh", ("r",)),
    ("p", ("b", "mh", "ph")),
    ("t", ("d", "nh", "th")),
    ("c", ("g", "ngh", "ch")),
    ("b", ("f", "m")),
    ("d", ("dd", "n")),
    ("g", ("", "ng")),
    ("m", ("f",)),
)


def welsh_forms(word: str) -> frozenset[str]:
    """A word with its soft, nasal and aspirate mutations, and h before a vowel."""
    forms = {word}
    for first, others in _MUTATIONS:
        if word.startswith(first) and not (first in "cpt" and word.startswith(f"{first}h")):
            forms |= {other + word[len(first) :] for other in others}
            break
    if word[0] in "aeiouwy":
        forms.add(f"h{word}")
    return frozenset(forms)


_FORMS = {"en": english_forms, "cy": welsh_forms}

# --- patterns ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The words of a text, and the hit that an *unless* is about."""

    tokens: tuple[Token, ...]
    hit: tuple[int, int] | None = None


class Node(Protocol):
    def ends(self, place: _Place, at: int) -> Iterator[int]:
        """Every index after a match that begins at ``at``."""


@dataclass(frozen=True)
class _Word:
    forms: frozenset[str]

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        token = place.tokens[at] if at < len(place.tokens) else None
        if token is not None and token.word in self.forms and not token.possessive:
            yield at + 1


@dataclass(frozen=True)
class _Kind:
    """ANY, NAME or POSS."""

    kind: str

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        if at >= len(place.tokens) or place.tokens[at].word in ",.":
            return
        token = place.tokens[at]
        if {"ANY": not token.possessive, "POSS": token.possessive, "NAME": token.name}[self.kind]:
            if self.kind == "NAME" and token.possessive:
                return
            yield at + 1


@dataclass(frozen=True)
class _Sequence:
    nodes: tuple[Node, ...]

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        yield from self._rest(place, at, 0)

    def _rest(self, place: _Place, at: int, index: int) -> Iterator[int]:
        if index == len(self.nodes):
            yield at
            return
        for after in self.nodes[index].ends(place, at):
            yield from self._rest(place, after, index + 1)


@dataclass(frozen=True)
class _Either:
    nodes: tuple[Node, ...]

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        for node in self.nodes:
            yield from node.ends(place, at)


@dataclass(frozen=True)
class _Repeat:
    node: Node
    most: int

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        yield at
        seen, reached = {at}, [at]
        for _ in range(self.most):
            reached = [after for before in reached for after in self.node.ends(place, before) if after not in seen]
            seen.update(reached)
            yield from reached


@dataclass(frozen=True)
class _Gap:
    most: int
    stops: frozenset[str] | None
    """Words that end a narrow gap; None for a wide one."""

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        words = 0
        while True:
            yield at
            if at >= len(place.tokens) or place.tokens[at].word == ".":
                return
            token = place.tokens[at]
            if self.stops is not None and token.word in self.stops and not token.possessive:
                return
            words += token.word != ","
            if words > self.most:
                return
            at += 1


@dataclass(frozen=True)
class _Look:
    node: Node
    wanted: bool

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        if any(True for _ in self.node.ends(place, at)) is self.wanted:
            yield at


@dataclass(frozen=True)
class _Edge:
    """The start (``^``) or end (``$``) of a clause."""

    step: int

    def ends(self, place: _Place, at: int) -> Iterator[int]:
        beside = at + self.step
        if not 0 <= beside < len(place.tokens) or place.tokens[beside].word in ",.":
            yield at


@dataclass(frozen=True)
class _HitItself:
    def ends(self, place: _Place, at: int) -> Iterator[int]:
        if place.hit is not None and at == place.hit[0]:
            yield place.hit[1]


class _Parser:
    """Patterns of one language, with its sets."""

    def __init__(self, language: str, sets: Mapping[str, str]) -> None:
        if language not in _FORMS:
            raise ValueError(f"There are no rules for the words of “{language}”.")
        self.forms = _FORMS[language]
        self.sets = sets
        self.made: dict[str, Node] = {}
        self.breaks = frozenset({",", *sets.get("@break", "").split("|")})

    def pattern(self, text: str) -> Node:
        parts = text.split()
        if not parts:
            raise ValueError("A pattern needs at least one word.")
        return _Sequence(tuple(self.element(part) for part in parts))

    def element(self, part: str) -> Node:
        if part[0] in "!&" and len(part) > 1:
            return _Look(self.element(part[1:]), part[0] == "&")
        if part[0] + part[-1] in ("<>", "[]"):
            return _Gap(int(part[1:-1]), self.breaks if part[0] == "[" else None)
        if part[-1] in "?*" and len(part) > 1:
            return _Repeat(self.element(part[:-1]), 1 if part[-1] == "?" else 6)
        return self.either(part.split("|"))

    def either(self, atoms: Sequence[str]) -> Node:
        words: set[str] = set()
        nodes: list[Node] = []
        for atom in atoms:
            plain = "".join(map(_plain, atom.removeprefix("=")))
            if atom[:1] in tuple("@^$") or atom.isupper():
                nodes.append(self.special(atom))
            elif not plain.isalnum() and atom != ",":
                raise ValueError(f"“{atom}” is not a word of a pattern.")
            elif atom.startswith("=") or atom == ",":
                words.add(plain)
            else:
                words |= self.forms(plain)
        if words:
            nodes.insert(0, _Word(frozenset(words)))
        return nodes[0] if len(nodes) == 1 else _Either(tuple(nodes))

    def special(self, atom: str) -> Node:
        if atom in ("^", "$"):
            return _Edge(-1 if atom == "^" else 0)
        if atom == "HIT":
            return _HitItself()
        if atom in ("ANY", "NAME", "POSS"):
            return _Kind(atom)
        if atom not in self.sets:
            raise ValueError(f"There is no set “{atom}”.")
        if atom not in self.made:
            self.made[atom] = _Either(self.patterns(self.sets[atom]))
        return self.made[atom]

    def patterns(self, text: str) -> tuple[Node, ...]:
        return tuple(self.pattern(part) for part in text.split(";") if part.strip())


# --- phrases and hits ----------------------------------------------------------------------------


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
    parsers: dict[str, _Parser] = {}
    phrases = []
    for number, row in enumerate(rows, start=1):
        if row["code"].startswith("@"):
            continue
        language = row["language"]
        try:
            if language not in parsers:
                parsers[language] = _Parser(language, sets.get(language, {}))
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
    place = _Place(tokens_of(text))
    spans: list[tuple[int, int, Phrase]] = []
    for phrase in standard_phrases() if phrases is None else phrases:
        for start in range(len(place.tokens)):
            for end in phrase.pattern.ends(place, start):
                if end > start and not _harmless(place, (start, end), phrase):
                    spans.append((start, end, phrase))
    return _longest(text, place, spans)


def _harmless(place: _Place, hit: tuple[int, int], phrase: Phrase) -> bool:
    """Whether an *unless* of the phrase shares a word with the hit."""
    around = _Place(place.tokens, hit)
    first = max(0, hit[0] - _REACH)
    return any(
        end > hit[0] for unless in phrase.unless for start in range(first, hit[1]) for end in unless.ends(around, start)
    )


_REACH = 16


def _longest(text: str, place: _Place, spans: Iterable[tuple[int, int, Phrase]]) -> tuple[Hit, ...]:
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
