"""What has been answered so far, sealed for the address: of one length, and readable by nobody but this entry.

So the browser's history of a message to staff is like that of an ordinary visit, and Back and the look's controls
still work, without a script and without keeping anything.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import QueryDict
from django.utils.http import urlencode

from referrals.models import TerminalEntry

FIELD = "s"
BLOCK = 128

Pairs = list[tuple[str, str]]


def address(entry: TerminalEntry, pairs: Pairs) -> str:
    """The query that carries these answers; none where there are none."""
    return f"?{FIELD}={seal(entry, pairs)}" if pairs else "?"


def seal(entry: TerminalEntry, pairs: Pairs) -> str:
    """Answers, padded to one length and encrypted with a key of this entry."""
    text = urlencode(pairs)
    padded = text.ljust(-(-max(len(text), 1) // BLOCK) * BLOCK)
    return _box(entry).encrypt(padded.encode()).decode()


def unseal(entry: TerminalEntry, value: str) -> QueryDict:
    """The answers of an address. Another person's, an old one and nonsense are no answers."""
    try:
        text = _box(entry).decrypt(value.encode()).decode().strip() if value else ""
    except InvalidToken:
        text = ""
    return QueryDict(text, mutable=True)


def _box(entry: TerminalEntry) -> Fernet:
    key = hashlib.sha256(f"terminal.answers:{settings.SECRET_KEY}:{entry.pk}:{entry.key_hash}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
