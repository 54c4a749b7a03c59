"""Who is elsewhere when a visit is planned. Pure: facts in, words out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from buddyscheme.lib.dates import WEEKDAYS, london_today
from schemes.models import Absence, Session, WeeklyActivity
from schemes.queries.absences import Activity, Elsewhere

# How far ahead single absences count when two people are to be matched.
AHEAD = timedelta(days=14)
Slot = tuple[int, str]
BUDDY, HELPED = "The buddy", "The person"


def clashes_with(slots: frozenset[Slot], who: str, person_id: int, found: Elsewhere, today: date) -> list[str]:
    """What one person has at the times of the visits (weekday and session), a sentence each."""
    sentences = []
    for row in found.weekly.get(person_id, ()):
        days = sorted(day for day in row.weekdays if (day, row.session) in slots)
        if days:
            sentences.append(f"{who} has {row.get_kind_display().lower()} on {_days(days)}, {_session(row.session)}.")
    for absence in found.absences.get(person_id, ()):
        hit = first_meeting(slots, absence, today)
        if hit is not None:
            day, session = hit
            sentences.append(
                f"{who} is elsewhere on {day.day} {day:%B}, {_session(session)}: {absence.get_kind_display().lower()}."
            )
    return sentences


def first_meeting(slots: frozenset[Slot], absence: Absence, today: date) -> tuple[date, str] | None:
    """The first visit of the next days that falls into an absence."""
    for offset in range(AHEAD.days):
        day = today + timedelta(days=offset)
        for session in Session.values:
            if (day.weekday(), session) in slots and absence.covers(day, session):
                return day, session
    return None


def newest(rows: Iterable[Activity]) -> date | None:
    """The day on which the newest of these facts was written down."""
    return max((london_today(row.recorded_at) for row in rows), default=None)


def facts_of(found: Elsewhere, *person_ids: int) -> list[Activity]:
    """Every fact about these people."""
    return [row for pk in person_ids for row in (*found.absences.get(pk, ()), *found.weekly.get(pk, ()))]


def at_this_time(rows: Iterable[Activity], who: str) -> list[str]:
    """For a line of today's list: "Buddy: work"."""
    return sorted({f"{who}: {_short(row)}" for row in rows})


def _short(row: Absence | WeeklyActivity) -> str:
    return str(row.get_kind_display()).lower()


def _days(days: list[int]) -> str:
    names = [WEEKDAYS[day] for day in days]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _session(session: str) -> str:
    return f"in the {Session(session).label.lower()}"
