"""Where the two people of a visit are at its time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from referrals.clashes import at_this_time
from referrals.models import PlannedVisit
from schemes.models import Buddy
from schemes.queries.absences import Elsewhere


def words_of(row: PlannedVisit, found: Elsewhere) -> list[str]:
    """Where the two are instead."""
    return clash_words(row.person_id, row.buddy, row.day, row.session, found)


def clash_words(person_id: int, buddy: Buddy | None, day: date, session: str, found: Elsewhere) -> list[str]:
    """The same of a visit that is not written down yet."""
    words = at_this_time(found.at(person_id, day, session), "Person")
    if buddy is not None:
        words += at_this_time(found.at(buddy.person_id, day, session), "Buddy")
    return words


def people_in(rows: Iterable[PlannedVisit]) -> set[int]:
    """Everybody in these visits."""
    found = set()
    for row in rows:
        found |= {row.person_id} | ({row.buddy.person_id} if row.buddy is not None else set())
    return found
