"""The days to come as the plans have them: who comes when, to whom nobody comes, and who could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds, london_today
from referrals.models import CoverSlot, Match, Plan, PlannedVisit, SlotException, Visit
from referrals.queries.clashes import clash_words
from referrals.queries.days import Read, buddy_facts, plan_facts, read_plans
from referrals.queries.suggestions import Facts, facts_for
from referrals.rules.days import PlanFact, Wanted, visits_of, why_match_fails, why_not
from referrals.rules.schedule import Slot, cover_stops
from schemes.models import Buddy, Custody, Person, Session
from schemes.models.absence import ORDER
from schemes.queries.people import lived_on

WEEK = 7
OFFERED = 6


@dataclass(frozen=True)
class Slotted:
    """One visit of a day to come, in words."""

    day: date
    session: str
    person: Person
    plan_token: str
    place: str
    wing: str
    tasks: tuple[str, ...]
    essential: bool
    buddy: Buddy | None
    held: str = ""
    why: tuple[str, ...] = ()
    """Why nobody comes: of each buddy of the plan, or that there is none."""
    clashes: tuple[str, ...] = ()
    """Where one of the two is at this time, in words."""

    @property
    def session_name(self) -> str:
        """As people say it."""
        return str(Session(self.session).label)

    @property
    def task_words(self) -> str:
        """What it is for, on one line."""
        return "; ".join(self.tasks)


@dataclass(frozen=True)
class Instead:
    """One visit that somebody else makes, and why they do not, where they do not."""

    cover: CoverSlot
    problem: str


@dataclass(frozen=True)
class Nobody:
    """Visits to which nobody comes, and those that somebody else makes."""

    visits: list[Slotted]
    covers: list[Instead]


@dataclass(frozen=True)
class Offer:
    """Somebody who could come, best first; the plan's own buddies before all others."""

    buddy: Buddy
    own: bool
    place: str


def days_from(day: date, how_many: int = WEEK) -> list[date]:
    """The day and those after it."""
    return [day + timedelta(days=number) for number in range(how_many)]


def wanted_on(facts: Iterable[PlanFact], days: Iterable[date], now: datetime) -> list[Wanted]:
    """What the plans hold on days that are not over, by day and session."""
    found = [one for day in days for fact in facts for one in visits_of(fact, day, at=now, now=now)]
    return sorted(found, key=lambda one: (one.day, ORDER[one.session], one.plan.id))


def week_ahead(prison: Prison, now: datetime, *, days: list[date] | None = None) -> list[Slotted]:
    """Every visit of the days to come, in two dozen queries for all."""
    today = london_today(now)
    read = read_plans(prison, since=day_bounds(today)[0])
    return _in_words(read, wanted_on(read.facts, days or days_from(today), now), now)


def nobody_comes(prison: Prison, now: datetime) -> Nobody:
    """Visits of today and the six days after it to which nobody comes and about which nothing is recorded; and every
    visit from today on for which somebody else was found, whether they can still come or not.
    """
    today = london_today(now)
    read = read_plans(prison, since=day_bounds(today)[0])
    found = [one for one in wanted_on(read.facts, days_from(today), now) if one.buddy_id is None and not one.held]
    logged = Visit.objects.for_prison(prison).filter(day=today, replaces__isnull=True)
    over = set(logged.values_list("planned__plan_id", "day", "session")) if found else set()
    visits = _in_words(read, [one for one in found if (one.plan.id, one.day, one.session) not in over], now)
    return Nobody(visits, _covers_ahead(read, now))


def _covers_ahead(read: Read, now: datetime) -> list[Instead]:
    """Of active plans, the next first."""
    rows = [row for row in read.covers if row.ended_at is None and read.plans[row.plan_id].status == Plan.Status.ACTIVE]
    wanted = {
        (one.plan.id, one.day, one.session): one
        for one in wanted_on([fact for fact in read.facts if fact.covers], {row.day for row in rows}, now)
    }
    for row in rows:
        row.plan = read.plans[row.plan_id]
    rows.sort(key=lambda row: (row.day, ORDER[row.session], row.pk))
    return [Instead(row, _problem(row, wanted.get((row.plan_id, row.day, row.session)))) for row in rows]


def _problem(row: CoverSlot, wanted: Wanted | None) -> str:
    """Why somebody who was found does not come, or need not; empty where they come."""
    if wanted is None:
        return "No longer planned"
    if wanted.held or wanted.match_id is not None:
        return wanted.held or "The plan’s own buddy comes"
    return "" if wanted.buddy_id == row.buddy_id else "Cannot come any more"


def open_slots(plan: Plan, now: datetime, days: Iterable[date]) -> list[Slot]:
    """Visits of one plan to which nobody comes."""
    facts = plan_facts(plan.prison, since=day_bounds(london_today(now))[0], plans=[plan.pk])
    return [(one.day, one.session) for one in wanted_on(facts, days, now) if one.buddy_id is None and not one.held]


def offers_for(plan: Plan, day: date, session: str, now: datetime) -> list[Offer]:
    """Buddies who may come to that visit: the plan's own first, then as matching ranks them."""
    facts = facts_for(plan.prison, plan, Match.Part.SECOND, london_today(now))
    ranked = facts.ranked()
    own = facts.need.current
    may = [
        facts.buddies[one.buddy_id]
        for one in (*ranked.suggestions, *ranked.unsuitable)
        if not cover_stops(one.checks, matched=one.buddy_id in own)
    ]
    there = buddy_facts(plan.prison, may, day_bounds(london_today(now))[0])
    can = [buddy for buddy in may if not why_not(there[buddy.pk], day, session, now)]
    can.sort(key=lambda buddy: buddy.pk not in own)
    return [Offer(buddy, buddy.pk in own, _place(facts, buddy)) for buddy in can[:OFFERED]]


def _place(facts: Facts, buddy: Buddy) -> str:
    found = facts.places.get(buddy.person_id)
    return found.words if found else ""


def exceptions_ahead(plan: Plan, today: date) -> list[SlotException]:
    """What is left out or moved from today on, the next first."""
    rows = SlotException.objects.for_prison(plan.prison_id).filter(plan_task__plan=plan, ended_at__isnull=True)
    found = rows.select_related("plan_task__task").order_by("first_on", "id")
    return [row for row in found if max(row.last_on, row.to_day or row.last_on) >= today]


def _in_words(read: Read, wanted: list[Wanted], now: datetime) -> list[Slotted]:
    return [
        Slotted(
            day=one.day,
            session=one.session,
            person=(plan := read.plans[one.plan.id]).person,
            plan_token=plan.token,
            place=_place_of(read.places.get(plan.person_id)),
            wing=_wing_of(read.places.get(plan.person_id)),
            tasks=tuple(read.kinds[code].name for code in one.tasks),
            essential=any(read.kinds[code].essential for code in one.tasks),
            buddy=(buddy := read.buddies.get(one.buddy_id or 0)),
            held=one.held,
            why=_why(one, read.buddies, now) if one.buddy_id is None and not one.held else (),
            clashes=tuple(clash_words(one.plan.person_id, buddy, one.day, one.session, read.elsewhere)),
        )
        for one in wanted
    ]


def _place_of(custody: Custody | None) -> str:
    return custody.place if custody else ""


def _wing_of(custody: Custody | None) -> str:
    return custody.wing.code if custody and custody.wing else ""


def _why(one: Wanted, buddies: dict[int, Buddy], now: datetime) -> tuple[str, ...]:
    words = [
        f"{buddies[match.buddy.id].person.full_name} "
        f"{why_match_fails(match, one.day, one.session, now) or 'is not free'}"
        for match in one.plan.matches
        if match.span.holds(now)
    ]
    return tuple(words) or ("No buddy is matched",)


def not_unlocked(prison: Prison, day: date, session: str, wing_id: int | None) -> QuerySet[PlannedVisit]:
    """Planned visits of a day without unlock: those to a wing's people, and those that its buddies make."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(day=day, cancelled_at__isnull=True)
    if session:
        rows = rows.filter(session=session)
    if wing_id is not None:
        here = lived_on(prison, wing_id, day).values("person")
        rows = rows.filter(person__in=here) | rows.filter(buddy__person__in=here)
    return rows.order_by("id")
