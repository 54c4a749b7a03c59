"""Schemes and people, made by the actions that the pages call. Run inside `with at_prison(here):`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

from buddyscheme.accounts.models import Prison, User, Wing
from schemes.actions import people as people_actions
from schemes.actions import schemes as actions
from schemes.models import Person, Scheme
from tests.cast import acts

REGIME = [
    (weekday, session, unlock, lock)
    for weekday in range(7)
    for session, unlock, lock in (
        ("AM", time(8, 30), time(11, 45)),
        ("PM", time(13, 45), time(16, 45)),
        ("EV", time(17, 15), time(18, 15)),
    )
]
_numbers = count(1)


def open_scheme(here: Prison, lead: User, wing: Wing, now: datetime) -> Scheme:
    """An open scheme that serves one wing, with the catalogue's own tasks."""
    by = acts(lead, here)
    scheme = actions.start_scheme(by=by, now=now, prison=here, lead=lead)
    scheme = actions.set_wings(by=by, now=now, scheme=scheme, wings=[wing], version=scheme.version)
    scheme = actions.set_falls(
        by=by,
        now=now,
        scheme=scheme,
        day_who="Wing officer, then healthcare",
        day_minutes=10,
        night_who="Night orderly officer",
        night_minutes=15,
        version=scheme.version,
    )
    actions.set_regime(by=by, now=now, prison=here, times=REGIME)
    scheme.refresh_from_db()
    return actions.open_scheme(by=by, now=now, scheme=scheme, version=scheme.version)


def person_in(prison: Prison, by: User, now: datetime, number: str | None = None, **fields: Any) -> Person:
    """A person on the prison's list since a year ago. Number and names are made up where none are given."""
    n = next(_numbers)
    values: dict[str, Any] = {
        "prison_number": number or f"Z{n % 10000:04d}Z{'ABCDEFGHJKLMNPQRSTUVWXYZ'[n // 10000 % 24]}",
        "first_name": "Ash",
        "last_name": f"Tester{n}",
        **fields,
    }
    return people_actions.add_person(by=acts(by, prison), now=now - timedelta(days=365), prison=prison, **values)


def arrived(prison: Prison, by: User, now: datetime, days: int = 2, **fields: Any) -> Person:
    """A person who came so many days ago."""
    return person_in(prison, by, now + timedelta(days=365 - days), **fields)
