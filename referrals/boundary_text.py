"""A text as the boundary guard reads it: words in lower case with their places, and the forms a word can take."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

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
        for plain in plain_of(character):
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


def plain_of(character: str) -> str:
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


FORMS = {"en": english_forms, "cy": welsh_forms}
