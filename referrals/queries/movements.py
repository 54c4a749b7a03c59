"""Who moves about the prison in a session, from the unlock list: no query of its own.

What is recorded as not done moves nobody any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from referrals.models import Visit
from referrals.queries.unlock import Line, SessionList, Stop, UnlockList
from schemes.models import Person

# Tasks with which the person goes along.
GOES_ALONG = frozenset({"MOB-01", "MOB-02", "MOB-03", "SOC-02"})


@dataclass(frozen=True)
class MovementSlip:
    """One person's way in one session. `to` holds each place with whom they see there."""

    person: Person
    session: str
    times: str
    place: str
    to: tuple[tuple[str, str], ...]


def slips_of(found: UnlockList) -> list[MovementSlip]:
    """A slip for each buddy of a session, and for each person who goes along; those still to come are left blank."""
    return [slip for part in found.sessions for slip in _slips(part)]


def _slips(part: SessionList) -> Iterator[MovementSlip]:
    for landing in part.landings:
        for line in landing.lines:
            to = _buddy_goes(line) if line.is_buddy else _goes_along(line)
            if to:
                yield MovementSlip(line.person, part.code, part.times, _from(landing.name, line), to)


def _from(landing: str, line: Line) -> str:
    return f"{landing}, {line.cell}" if line.cell else landing


def _buddy_goes(line: Line) -> tuple[tuple[str, str], ...]:
    return tuple((stop.place, stop.planned.person.full_name) for stop in _to_come(line))


def _goes_along(line: Line) -> tuple[tuple[str, str], ...]:
    """Where to is decided on the day, so that it is written by hand."""
    return tuple(
        ("", stop.planned.buddy.person.full_name)
        for stop in _to_come(line)
        if stop.planned.buddy is not None and {task.code for task in stop.tasks} & GOES_ALONG
    )


def _to_come(line: Line) -> list[Stop]:
    return [stop for stop in line.stops if stop.outcome != Visit.Outcome.NOT_DONE]
