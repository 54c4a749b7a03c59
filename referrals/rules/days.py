"""What the plans hold for one day. Pure: facts in, visits out.

A visit is one person's help in one session. It has the first buddy if that one may come, else the second, else
nobody. Lock-downs take nothing away: a visit that did not happen was planned all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from buddyscheme.lib.dates import day_bounds, london_today
from buddyscheme.lib.errors import NotAllowed
from schemes.models import Absence

LEAD = "LEAD"
ACTIVE = "ACTIVE"
# What staff read where the support is held.
HELD_WORDS = {
    Absence.Kind.COURT: "At court",
    Absence.Kind.HOSPITAL: "In hospital",
    Absence.Kind.ROTL: "Out on licence",
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """From a moment on, up to another one (not included) or open."""

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, kw_only=True)
class SlotChange:
    """A task is left out (no session), or done in another session or on another day, from one day to another."""

    first: date
    last: date
    session: str
    day: date | None = None
    span: Span

    def covers(self, day: date, at: datetime) -> bool:
        """Whether the day falls into it, as things stood at the moment."""
        return self.first <= day <= self.last and self.span.holds(at)


@dataclass(frozen=True, kw_only=True)
class TaskFact:
    """One task that a buddy does: on these weekdays (0 is Monday), from a day until a moment."""

    code: str
    position: int
    weekdays: frozenset[int]
    session: str
    minutes: int
    starts_on: date
    stopped_at: datetime | None = None
    until: date | None = None
    """The last day of the approval, of a task that needs one."""
    changes: tuple[SlotChange, ...] = ()
    """Oldest first: where two of them speak of one day, the newest counts."""

    def sessions_on(self, day: date, at: datetime) -> set[str]:
        """In which sessions it is to be done that day: its own, or where an exception puts it."""
        found = set()
        if self.on(day, at):
            change = self._change(day, at)
            if change is None:
                found.add(self.session)
            elif change.session and change.day in (None, day):
                found.add(change.session)
        for change in self.changes:
            moved_here = change.day == day != change.first and self.on(change.first, at) and self._is_approved(day)
            if moved_here and self._change(change.first, at) is change:
                found.add(change.session)
        return found

    def _is_approved(self, day: date) -> bool:
        return self.until is None or day <= self.until

    def _change(self, day: date, at: datetime) -> SlotChange | None:
        return next((change for change in reversed(self.changes) if change.covers(day, at)), None)

    def on(self, day: date, at: datetime) -> bool:
        """Whether the plan's week has it that day, as things stood at the moment."""
        running = self.stopped_at is None or at < self.stopped_at
        return running and self._is_approved(day) and self.starts_on <= day and day.weekday() in self.weekdays


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One department's signed clearance."""

    department: str
    signed_at: datetime
    cleared: bool
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A department whose clearance counts, and from which day it does."""

    department: str
    since: date = date.min


@dataclass(frozen=True, kw_only=True)
class BuddyFact:
    """A buddy with every change of status, what departments answered, and when they were held here."""

    id: int
    steps: tuple[tuple[datetime, str], ...] = ()
    """Moment and new status, oldest first."""
    departments: tuple[Needed, ...] = ()
    answers: tuple[Answer, ...] = ()
    """Oldest first: the newest of a department counts."""
    here: tuple[Span, ...] = ()
    rest_day: int | None = None
    """The weekday on which they rest, as it stands now."""
    away: tuple[Absence, ...] = ()
    """When they are out of the prison."""

    def is_away(self, day: date, session: str) -> bool:
        """Whether they are at court, in hospital or out on licence in that session."""
        return any(one.covers(day, session) for one in self.away)

    def may_visit(self, day: date, at: datetime) -> bool:
        """Active, held here, and cleared by every department until that day or longer."""
        status = next((status for moment, status in reversed(self.steps) if moment <= at), "")
        return status == ACTIVE and any(span.holds(at) for span in self.here) and self._cleared(day, at)

    def _cleared(self, day: date, at: datetime) -> bool:
        newest = {answer.department: answer for answer in self.answers if answer.signed_at <= at}
        found = [newest.get(needed.department) for needed in self.departments if needed.since <= day]
        return bool(found) and all(a and a.cleared and a.expires_on and a.expires_on >= day for a in found)


@dataclass(frozen=True, kw_only=True)
class MatchFact:
    """One agreed match. `kept_apart` (or stopped by an alert) and `paused` are as they stand now, so they count for
    today and later only.
    """

    id: int
    part: str
    buddy: BuddyFact
    span: Span
    paused: bool = False
    kept_apart: bool = False


@dataclass(frozen=True)
class CoverFact:
    """One buddy who comes to one visit for which nobody of the plan can. `stopped` is as it stands now: by a keep-apart
    record, also with a cell-mate, or by an alert.
    """

    day: date
    session: str
    buddy: BuddyFact
    span: Span
    stopped: bool = False

    def comes(self, day: date, session: str, at: datetime, *, past: bool) -> bool:
        """Whether they come to that visit."""
        return (
            (self.day, self.session) == (day, session)
            and self.span.holds(at)
            and (past or not self.stopped)
            and not self.buddy.is_away(day, session)
            and self.buddy.may_visit(day, at)
        )


@dataclass(frozen=True, kw_only=True)
class PlanFact:
    """One plan with all that decides its visits."""

    id: int
    person_id: int
    span: Span
    paused: bool = False
    here: tuple[Span, ...] = ()
    tasks: tuple[TaskFact, ...] = ()
    matches: tuple[MatchFact, ...] = ()
    away: tuple[Absence, ...] = ()
    """When they are out of the prison."""
    covers: tuple[CoverFact, ...] = ()

    def held(self, day: date, session: str) -> str:
        """Where the person is instead, in words; empty where they are in the prison."""
        return next((HELD_WORDS[Absence.Kind(one.kind)] for one in self.away if one.covers(day, session)), "")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One visit that a plan holds for a day."""

    plan: PlanFact = field(compare=False, repr=False)
    day: date
    session: str
    tasks: tuple[str, ...]
    minutes: int
    match_id: int | None
    buddy_id: int | None
    held: str = ""
    """Why nobody is visited, where the support is held: "At court"."""


def visits_of(plan: PlanFact, day: date, *, at: datetime, now: datetime, rests: bool = False) -> list[Wanted]:
    """The plan's visits of a day as things stood at `at`; `now` tells what is past.

    Which day somebody rested on is not known of the past; `rests` takes it that they kept the one they have now.
    """
    past = at < day_bounds(london_today(now))[0]
    # Interim help has a last day: on a day to come it has to last until that day begins.
    runs = plan.span.holds(max(at, day_bounds(day)[0]))
    if not runs or not any(span.holds(at) for span in plan.here) or (plan.paused and not past):
        return []
    by_session: dict[str, list[TaskFact]] = {}
    for task in sorted(plan.tasks, key=lambda task: (task.position, task.code)):
        for session in task.sessions_on(day, at):
            by_session.setdefault(session, []).append(task)
    able = _able(plan.matches, day, at, past=past, rests=rests or not past)
    return [
        _wanted(plan, day, session, tasks, able, [one for one in plan.covers if one.comes(day, session, at, past=past)])
        for session, tasks in by_session.items()
    ]


def _wanted(
    plan: PlanFact, day: date, session: str, tasks: list[TaskFact], able: list[MatchFact], covers: list[CoverFact]
) -> Wanted:
    held = plan.held(day, session)
    # A buddy at court in the morning may well come in the evening: who is away is asked for each session.
    match = None if held else next((one for one in able if not one.buddy.is_away(day, session)), None)
    instead = covers[0].buddy.id if covers and match is None and not held else None
    return Wanted(
        plan=plan,
        day=day,
        session=session,
        # A task that was moved may meet itself there.
        tasks=tuple(dict.fromkeys(task.code for task in tasks)),
        minutes=sum(task.minutes for task in tasks),
        match_id=match.id if match else None,
        buddy_id=match.buddy.id if match else instead,
        held=held,
    )


def _able(matches: Iterable[MatchFact], day: date, at: datetime, *, past: bool, rests: bool) -> list[MatchFact]:
    """Who may come that day and does not rest: the first buddy before the second."""
    return [
        match
        for match in sorted(matches, key=lambda match: (match.part != LEAD, match.id))
        if match.span.holds(at)
        and (past or not (match.paused or match.kept_apart))
        and not (rests and match.buddy.rest_day == day.weekday())
        and match.buddy.may_visit(day, at)
    ]


def why_not(buddy: BuddyFact, day: date, session: str, at: datetime) -> str:
    """Why a buddy does not come to a visit, in words that follow a name; empty where they can."""
    if not buddy.may_visit(day, at):
        return "is not active or not cleared"
    if buddy.is_away(day, session):
        return "is away from the prison"
    if buddy.rest_day == day.weekday():
        return "rests that day"
    return ""


def why_match_fails(match: MatchFact, day: date, session: str, at: datetime) -> str:
    """The same of a match: it may be stopped or paused while its buddy is there."""
    if match.kept_apart:
        return "is stopped by a check of this match"
    if match.paused:
        return "is paused for this person"
    return why_not(match.buddy, day, session, at)


def check_can_open(day: date, *, today: date) -> None:
    """A day that is over is not opened again."""
    if day < today:
        raise NotAllowed("This day is over, so its visits cannot be opened. Choose today or a later day.")
