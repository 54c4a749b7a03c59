"""What holds a person's record in use at a prison and is known only to an app above, for joining two records.

The app above registers a question at start-up, so nothing here imports it. An answer is a list of things that run, each
as the object of a sentence: "plan P-0042".
"""

from __future__ import annotations

from collections.abc import Callable

from buddyscheme.accounts.models import Prison
from schemes.models import Person
from schemes.queries.buddies import open_record_of

Ties = Callable[[Prison, Person], list[str]]
_asked: list[Ties] = []


def ties_by(ask: Ties) -> Ties:
    """Register a question; registering it twice asks it once."""
    if ask not in _asked:
        _asked.append(ask)
    return ask


def ties_of(prison: Prison, person: Person) -> list[str]:
    """What runs here under the person's record."""
    buddy = open_record_of(prison, person)
    own = [f"buddy record {buddy.reference}"] if buddy is not None else []
    return own + [tie for ask in _asked for tie in ask(prison, person)]
