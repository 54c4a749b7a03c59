"""Remarks about a person that only an app above knows, for the staff page that shows the person's application.

The app above registers a question at start-up, so nothing here imports it. A remark is one sentence fit for the screen,
or nothing. It never forbids anything: what forbids is a rule, and lives where its facts are.
"""

from __future__ import annotations

from collections.abc import Callable

from buddyscheme.accounts.models import Prison
from schemes.models import Person

Remark = Callable[[Prison, Person], str]
_asked: list[Remark] = []


def remarks_by(ask: Remark) -> Remark:
    """Register a question; registering it twice asks it once."""
    if ask not in _asked:
        _asked.append(ask)
    return ask


def remarks_about(prison: Prison, person: Person) -> list[str]:
    """What is to be said about the person at this prison."""
    return [said for said in (ask(prison, person) for ask in _asked) if said]
