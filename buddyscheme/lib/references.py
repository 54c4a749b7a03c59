"""Identifiers: random tokens for addresses, short references for people to say."""

import re
import secrets

# No vowels, so no words. Of those that look alike (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V) at most one
# is left, so a reference copied by hand or read over a radio has one reading.
ALPHABET = "23456789CDFHJKMNPQRTVWXY"

_PREFIX = re.compile(r"[A-Z]{1,3}")
_IN_A_SENTENCE = re.compile(rf"\b([A-Z]{{1,3}}-[{ALPHABET}]{{4,}})\b")


def make_token() -> str:
    """A 128-bit random token for addresses: 22 characters, safe in a URL."""
    return secrets.token_urlsafe(16)


def make_reference(prefix: str, *, length: int = 6) -> str:
    """A short reference such as ``R-7K2M9Q``.

    Six characters give 191 million references; they are not secret and not certain to be unique,
    so the column carries a unique constraint and the caller draws again when it is broken.
    Raises ``ValueError`` for a prefix that is not one to three capital letters.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("The prefix of a reference is one to three capital letters.")
    if length < 4:
        raise ValueError("A reference has at least four characters after its prefix.")
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def split_at_references(sentence: str) -> list[str]:
    """The sentence in pieces, words and references by turns: ``["Buddy ", "A-VC2TP2", ""]``."""
    return _IN_A_SENTENCE.split(sentence)


def clean_reference(typed: str) -> str:
    """What a person typed, in the form it is stored in: capitals, one hyphen, no spaces."""
    letters = re.sub(r"[\s\-\u2010-\u2015]+", "", typed).upper()
    match = re.fullmatch(r"([A-Z]{1,3})([0-9A-Z]{4,})", letters)
    if match is None:
        return letters
    # The prefix ends at the first hyphen when one was typed; without one, one letter is assumed.
    first = re.split(r"[\s\-\u2010-\u2015]+", typed.strip().upper(), maxsplit=1)
    prefix = first[0] if len(first) == 2 and _PREFIX.fullmatch(first[0]) else letters[0]
    return f"{prefix}-{letters[len(prefix) :]}"
