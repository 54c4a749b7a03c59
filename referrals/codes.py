"""Six-digit terminal codes and other secrets of the terminal: drawing, hashing, checking. No models, no requests.

A code is drawn at random and never chosen. It is kept as Argon2id over an HMAC with the pepper, which lies outside
the database: a million possible codes would fall to an offline search in minutes without it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import date

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

LENGTH = 6
DIGITS = "0123456789"
RUNS = (DIGITS + DIGITS, (DIGITS + DIGITS)[::-1])
LONGEST_RUN = 3
FEWEST_DIFFERENT = 4
# 128 bits, as 26 letters and digits.
CARD_BYTES = 16
CARD = re.compile(r"[A-Z2-7]{26}", re.ASCII)


class CodeHasher(Argon2PasswordHasher):
    """Django's Argon2id, with the cost from a setting so that tests stay quick."""

    time_cost = getattr(settings, "CODE_HASH_TIME_COST", Argon2PasswordHasher.time_cost)
    memory_cost = getattr(settings, "CODE_HASH_MEMORY_COST", Argon2PasswordHasher.memory_cost)
    parallelism = getattr(settings, "CODE_HASH_PARALLELISM", Argon2PasswordHasher.parallelism)


def draw(*, prison_number: str, born_on: date | None) -> str:
    """Six random digits without repeats, runs, years, or anything from the person's own number or date of birth."""
    while True:
        code = "".join(secrets.choice(DIGITS) for _ in range(LENGTH))
        if not is_weak(code, prison_number=prison_number, born_on=born_on):
            return code


def is_weak(code: str, *, prison_number: str, born_on: date | None) -> bool:
    """Whether somebody who knows the person, or knows people, would guess the code sooner than another."""
    return (
        len(set(code)) < FEWEST_DIFFERENT
        or code[:3] == code[3:]
        or any(code[i : i + LONGEST_RUN + 1] in run for run in RUNS for i in range(LENGTH - LONGEST_RUN))
        or re.search(r"19\d\d|20\d\d", code) is not None
        or "".join(ch for ch in prison_number if ch.isdigit()) in code
        or any(part in code for part in _dates(born_on))
    )


def _dates(born_on: date | None) -> tuple[str, ...]:
    if born_on is None:
        return ()
    day, month, year = f"{born_on:%d}", f"{born_on:%m}", f"{born_on:%y}"
    return (day + month, month + day, month + year, year + month, f"{born_on:%Y}")


def hash_code(code: str, *, person_id: int) -> str:
    """What is kept of a code: Argon2id over a keyed hash that also names the person."""
    hasher = CodeHasher()
    return str(hasher.encode(_peppered(f"code:{person_id}:{code}"), hasher.salt()))


def check_code(code: str, kept: str, *, person_id: int | None) -> bool:
    """Whether the code is right. Without a kept hash the same work is done and the answer is no."""
    hasher = CodeHasher()
    typed = _peppered(f"code:{person_id or 0}:{code}")
    if not kept or person_id is None:
        hasher.encode(typed, hasher.salt())
        return False
    return bool(hasher.verify(typed, kept))


def number_hash(prison_code: str, prison_number: str) -> str:
    """A typed number as the counters know it, so that their tables hold no numbers of people."""
    return _peppered(f"number:{prison_code}:{prison_number.strip().upper()[:20]}")


def card_secret(token: str) -> str:
    """What a card's pattern holds: letters and digits that any scanner types alike, made from the pepper.

    So a card can be printed again although no table holds what is on it.
    """
    made = hmac.new(settings.CODE_PEPPER.encode(), f"card:{token}".encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:CARD_BYTES]).decode().rstrip("=")


def card_typed(text: str) -> str:
    """The secret of a card, where that is what stands in the field; nothing for a prison number or nonsense."""
    typed = "".join(text.split()).upper()
    return typed if CARD.fullmatch(typed) else ""


def draft_box(person_id: int, day: date) -> Fernet:
    """What seals one person's half-filled answers of one day; its key is in no table."""
    key = hmac.new(settings.CODE_PEPPER.encode(), f"draft:{person_id}:{day}".encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def new_key() -> str:
    """A random value for a cookie; the table keeps its hash."""
    return secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """SHA-256 of a random key. The key is long and random, so a fast hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def _peppered(text: str) -> str:
    return hmac.new(settings.CODE_PEPPER.encode(), text.encode(), hashlib.sha256).hexdigest()
