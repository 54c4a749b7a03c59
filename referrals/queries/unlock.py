"""The unlock list of a day: everybody who has to be out of the cell, by session and landing, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.lib.bank_holidays import bank_holiday_on
from referrals.models import Plan, PlannedVisit, PlanTask, StaffTick, Visit
from referrals.queries.clashes import people_in, words_of
from referrals.queries.days import held_on, uncovered, visits_planned, with_outcome
from referrals.queries.plan_parts import needs_help_to_leave
from schemes.models import (
    Custody,
    LockDown,
    Meaning,
    Person,
    Session,
    TaskKind,
)
from schemes.queries.absences import Elsewhere, elsewhere
from schemes.queries.alerts import alerts_by_person
from schemes.queries.people import custodies_of
from schemes.queries.schemes import lock_downs_on, regime_on

# Of each visit, what the list shows: people and plans have many columns more.
SHOWN = (
    *("token", "session", "day", "tasks", "plan__token", "buddy__person_id"),
    *(f"{who}__{name}" for who in ("person", "buddy__person") for name in ("first_name", "last_name", "prison_number")),
)


Tags = dict[tuple[int, bool], tuple[str, ...]]


@dataclass(frozen=True)
class Task:
    """One task in words; an essential one is staff's to do where nobody comes. `ticked` says who did."""

    code: str
    name: str
    essential: bool
    ticked: str = ""


@dataclass(frozen=True)
class Stop:
    """One visit: who is helped, where, by whom from where, with what."""

    planned: PlannedVisit
    place: str
    cell: str
    wing: str
    wing_name: str
    landing: int | None
    buddy_place: str
    tasks: tuple[Task, ...]
    uncovered: bool
    clashes: tuple[str, ...] = ()
    """Where one of the two is at this time, in words."""

    @property
    def outcome(self) -> str:
        """What is recorded, or nothing yet."""
        return getattr(self.planned, "outcome", None) or ""

    @property
    def outcome_words(self) -> str:
        """The same as people say it."""
        return str(Visit.Outcome(self.outcome).label) if self.outcome else ""

    @property
    def task_words(self) -> str:
        """What the visit is for, on one line."""
        return "; ".join(task.name for task in self.tasks)

    @property
    def for_staff(self) -> tuple[Task, ...]:
        """Meals and water that staff bring now."""
        return tuple(task for task in self.tasks if task.essential) if self.uncovered else ()

    @property
    def waits_for_staff(self) -> bool:
        """A meal or water that nobody has ticked."""
        return any(not task.ticked for task in self.for_staff)


@dataclass(frozen=True)
class Gap:
    """One line of those for whom nobody comes: a meal or water that staff bring and tick, or the rest of the visit."""

    stop: Stop
    tasks: tuple[Task, ...]
    for_staff: bool


@dataclass(frozen=True)
class Line:
    """One person to unlock: a buddy with all stops of the session, or somebody who is helped."""

    person: Person
    is_buddy: bool
    cell: str
    stops: tuple[Stop, ...]
    alerts: tuple[str, ...] = ()
    """Alerts that whoever unlocks has to know."""


@dataclass(frozen=True)
class Landing:
    """A landing with its lines, by cell."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class SessionList:
    """One session of the day."""

    code: str
    name: str
    times: str
    landings: tuple[Landing, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class StaffTask:
    """One task that the plan leaves to staff, because its buddy is suspended or lacks what it needs."""

    person: Person
    place: str
    session: str
    name: str
    evacuation: bool
    alerts: tuple[str, ...]
    """Alerts that whoever unlocks has to know."""


@dataclass(frozen=True)
class UnlockList:
    """The list that is shown and printed; counts first."""

    day: date
    sessions: tuple[SessionList, ...] = ()
    nobody: tuple[Stop, ...] = ()
    lock_downs: tuple[LockDown, ...] = ()
    wings: tuple[tuple[str, str, int], ...] = ()
    """Code, name and number of visits of every wing that has any."""
    stops: tuple[Stop, ...] = field(default=(), repr=False)
    staff_tasks: tuple[StaffTask, ...] = ()
    """What the plans leave to staff today."""
    held: tuple[PlannedVisit, ...] = ()
    """Visits to people who are out of the prison."""
    bank_holiday: str = ""
    """What the day is called, if it is one."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """A line for each meal and water task, so that each has its own tick and initials; these come first."""
        staff = [Gap(stop, (task,), for_staff=True) for stop in self.nobody for task in stop.for_staff]
        rest = [
            Gap(stop, others, for_staff=False)
            for stop in self.nobody
            if (others := tuple(task for task in stop.tasks if not task.essential))
        ]
        return (*staff, *rest)

    @property
    def visits(self) -> int:
        """Visits on this list."""
        return len(self.stops)

    @property
    def people(self) -> int:
        """People who are helped."""
        return len({stop.planned.person_id for stop in self.stops})

    @property
    def buddies(self) -> int:
        """Buddies who come."""
        return len({stop.planned.buddy_id for stop in self.stops if stop.planned.buddy_id})

    @property
    def for_staff(self) -> int:
        """Meals and water that staff have yet to bring."""
        return sum(1 for stop in self.nobody for task in stop.for_staff if not task.ticked)


def unlock_list(prison: Prison, day: date, *, wing: str = "", session: str = "") -> UnlockList:
    """The day's list, whole or of one wing and session (codes). A wing's list has its people and its own buddies."""
    staff = _left_to_staff(prison, day, session)
    everything, places = _stops(prison, day, {task.plan.person_id for task in staff})
    people = people_in(stop.planned for stop in everything) | {task.plan.person_id for task in staff}
    tags = _tags(prison, people, day)
    chosen = [stop for stop in everything if session in ("", stop.planned.session)]
    here = [stop for stop in chosen if wing in ("", stop.wing)]
    regime = regime_on(prison, day)
    return UnlockList(
        day=day,
        sessions=tuple(
            SessionList(
                code=code,
                name=str(Session(code).label),
                times=" to ".join(f"{at:%H:%M}" for at in regime.get(code, ())),
                landings=_landings([s for s in chosen if s.planned.session == code], places, wing, tags),
                stops=tuple(s for s in here if s.planned.session == code),
            )
            for code in Session.values
            if any(stop.planned.session == code for stop in here)
        ),
        nobody=tuple(stop for stop in here if stop.uncovered),
        lock_downs=tuple(r for r in lock_downs_on(prison, day) if not wing or not r.wing or r.wing.code == wing),
        wings=_wings(everything),
        stops=tuple(here),
        staff_tasks=_staff_tasks(staff, places, tags, wing),
        held=tuple(_held(prison, day, wing=wing, session=session)),
        bank_holiday=bank_holiday_on(day),
    )


def _held(prison: Prison, day: date, *, wing: str, session: str) -> QuerySet[PlannedVisit]:
    """Visits to people who are out of the prison, of the wing to which they come back."""
    rows = held_on(prison, day)
    if session:
        rows = rows.filter(session=session)
    if wing:
        here = Custody.objects.for_prison(prison).filter(person=OuterRef("person_id"), ended_at__isnull=True)
        rows = rows.filter(Exists(here.filter(wing__code=wing)))
    return rows


def _tags(prison: Prison, people: set[int], day: date) -> Tags:
    """By person and part (is it the buddy?) the alerts that stand on the list."""
    if not people:
        return {}
    return {
        (person_id, is_buddy): tuple(
            fact.words
            for fact in facts
            if (fact.meaning.as_buddy if is_buddy else fact.meaning.as_helped) == Meaning.TAG and not fact.hidden
        )
        for person_id, facts in alerts_by_person(prison, people, day).items()
        for is_buddy in (True, False)
    }


def _left_to_staff(prison: Prison, day: date, session: str) -> list[PlanTask]:
    rows: QuerySet[PlanTask] = PlanTask.objects.for_prison(prison).filter(
        done_by=PlanTask.DoneBy.STAFF,
        plan__status=Plan.Status.ACTIVE,
        weekdays__contains=[day.weekday()],
        starts_on__lte=day,
        stopped_at__isnull=True,
        **({"session": session} if session else {}),
    )
    rows = rows.annotate(evacuation=needs_help_to_leave("plan")).select_related("task", "plan__person")
    return list(rows.order_by("session", "task__position", "id"))


def _staff_tasks(rows: list[Any], places: dict[int, Custody], tags: Tags, wing: str) -> tuple[StaffTask, ...]:
    return tuple(
        StaffTask(
            row.plan.person,
            place.place,
            row.get_session_display(),
            row.task.name,
            row.evacuation,
            tags.get((row.plan.person_id, False), ()),
        )
        for row in rows
        if (place := places.get(row.plan.person_id)) and wing in ("", place.wing.code if place.wing else "")
    )


def wings_of(prison: Prison) -> list[Wing]:
    """Wings that are in use, by code."""
    return list(Wing.objects.filter(prison=prison, closed=False).order_by("code", "id"))


def wings_by_id(prison: Prison) -> dict[int, Wing]:
    """Every wing, those out of use too."""
    return {wing.pk: wing for wing in Wing.objects.filter(prison=prison)}


def tasks_in_words(codes: Iterable[str]) -> list[TaskKind]:
    """Tasks of the catalogue by code, in its order."""
    return list(TaskKind.objects.filter(code__in=set(codes)).order_by("position", "code"))


def _stops(prison: Prison, day: date, also: set[int]) -> tuple[list[Stop], dict[int, Custody]]:
    """The day's visits, and where everybody of them lives; of others (`also`) the place only."""
    visits = visits_planned(prison, day).annotate(evacuation=needs_help_to_leave("plan"))
    rows = list(with_outcome(visits).only(*SHOWN).order_by("session", "id"))
    custodies = {row.person_id: row for row in _custodies(prison, people_in(rows) | also)}
    kinds = {task.code: task for task in tasks_in_words(code for row in rows for code in row.tasks)}
    ticks: dict[tuple[int, str], str] = {
        (planned_id, code): name
        for planned_id, code, name in StaffTick.objects.for_prison(prison)
        .filter(planned__day=day)
        .values_list("planned_id", "task_id", "done_by__name")
    }
    found = elsewhere(prison, people_in(rows), day)
    return [_stop(row, custodies, kinds, ticks, found) for row in rows], custodies


def _custodies(prison: Prison, people: set[int]) -> Iterable[Custody]:
    return custodies_of(prison).select_related(None).select_related("wing").filter(person__in=people)


def _stop(
    row: PlannedVisit,
    custodies: dict[int, Custody],
    kinds: dict[str, TaskKind],
    ticks: dict[tuple[int, str], str],
    found: Elsewhere,
) -> Stop:
    custody = custodies.get(row.person_id)
    buddy = custodies.get(row.buddy.person_id) if row.buddy else None
    wing = custody.wing if custody else None
    return Stop(
        planned=row,
        place=custody.place if custody else "",
        cell=custody.cell if custody else "",
        wing=wing.code if wing else "",
        wing_name=wing.name if wing else "Wing not recorded",
        landing=custody.landing if custody else None,
        buddy_place=buddy.place if buddy else "",
        tasks=tuple(
            Task(code, kinds[code].name, kinds[code].essential, ticks.get((row.pk, code), ""))
            for code in row.tasks
            if code in kinds
        ),
        uncovered=uncovered(row),
        clashes=tuple(words_of(row, found)),
    )


def _landings(stops: list[Stop], places: dict[int, Custody], wing: str, tags: Tags) -> tuple[Landing, ...]:
    by_person: dict[tuple[int, bool], list[Stop]] = defaultdict(list)
    people: dict[int, Person] = {}
    for stop in stops:
        people[stop.planned.person_id] = stop.planned.person
        by_person[(stop.planned.person_id, False)].append(stop)
        if stop.planned.buddy is not None:
            people[stop.planned.buddy.person_id] = stop.planned.buddy.person
            by_person[(stop.planned.buddy.person_id, True)].append(stop)
    landings: dict[tuple[str, int], list[Line]] = defaultdict(list)
    names: dict[tuple[str, int], str] = {}
    for (person_id, is_buddy), own in by_person.items():
        custody = places.get(person_id)
        home = custody.wing if custody else None
        if wing and (home is None or home.code != wing):
            continue
        landing = custody.landing if custody and custody.landing is not None else 0
        key = (home.code if home else "", landing)
        names[key] = _landing_words(home.name if home else "Wing not recorded", landing)
        cell = custody.cell if custody else ""
        shown = tags.get((person_id, is_buddy), ())
        landings[key].append(Line(people[person_id], is_buddy, cell, tuple(own), shown))
    return tuple(Landing(names[key], tuple(sorted(landings[key], key=_by_cell))) for key in sorted(landings))


def _by_cell(line: Line) -> tuple[bool, str, str]:
    return (not line.is_buddy, line.cell, line.person.list_name)


def _landing_words(wing: str, landing: int) -> str:
    return f"{wing}, landing {landing}" if landing else f"{wing}, landing not recorded"


def _wings(stops: list[Stop]) -> tuple[tuple[str, str, int], ...]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for stop in stops:
        counts[(stop.wing, stop.wing_name)] += 1
    return tuple((code, name, count) for (code, name), count in sorted(counts.items()))
