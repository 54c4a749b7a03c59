"""The facts that matching needs, read for all buddies of a prison at once: thirteen queries, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Prison
from referrals.clashes import BUDDY, HELPED, clashes_with, facts_of, newest
from referrals.matching import (
    Candidate,
    Check,
    Labels,
    Need,
    Ranking,
    Standing,
    Suggestion,
    TaskNeed,
    Waiver,
    WaiverKind,
    check_pair,
    suggest,
)
from referrals.models import Match, Plan, PlanTask
from referrals.rules.matches import LISTED, how_it_ended
from schemes.models import Buddy, Meaning, Person, SchemeWing
from schemes.queries.absences import Elsewhere, elsewhere
from schemes.queries.alerts import AlertFact, alerts_by_person
from schemes.queries.buddies import BuddyStanding, buddies_of, standing
from schemes.queries.people import custodies_of, keep_apart_others
from training.models import Module
from training.queries.overrides import OverrideUntil, overrides_until
from training.queries.results import ModuleState, module_states, modules_for_tasks


@dataclass(frozen=True)
class Place:
    """Where somebody lives: codes for matching, and whether the scheme serves the wing."""

    wing: str = ""
    wing_name: str = ""
    landing: int | None = None
    cell: str = ""
    served: bool = False

    @property
    def words(self) -> str:
        """As lists show it: "B wing, 2-14"."""
        return ", ".join(part for part in (self.wing_name, self.cell) if part)


NOWHERE = Place()


@dataclass(frozen=True)
class Facts:
    """Need and candidates of one plan, with the rows behind them for the page."""

    need: Need
    candidates: dict[int, Candidate]
    buddies: dict[int, Buddy]
    places: dict[int, Place]
    labels: Labels
    today: date
    people_in: dict[tuple[str, str], set[int]] = field(default_factory=dict, repr=False)

    def ranked(self) -> Ranking:
        """Suggestions, best first, and who is unsuitable."""
        names = {pk: buddy.person.list_name for pk, buddy in self.buddies.items()}
        return suggest(
            self.need,
            self.candidates.values(),
            today=self.today,
            key=lambda candidate: names[candidate.buddy_id],
            labels=self.labels,
        )

    def suggestion(self, buddy_id: int) -> Suggestion | None:
        """The buddy's place among the suggestions; None where something stops the match."""
        return next((one for one in self.ranked().suggestions if one.buddy_id == buddy_id), None)

    def first_instead_of(self, buddy_id: int) -> Buddy | None:
        """Who is suggested before this buddy; None where nobody is."""
        ahead = self.ranked().ahead_of(buddy_id)
        return self.buddies[ahead.buddy_id] if ahead is not None else None

    def checks(self, buddy_id: int) -> tuple[Check, ...]:
        """Every check of one pair. A buddy who is not listed is nobody's candidate."""
        return check_pair(self.need, self.candidates[buddy_id], today=self.today, labels=self.labels)

    def cellmates(self, person_id: int) -> set[int]:
        """Who shares the person's cell now."""
        place = self.places.get(person_id, NOWHERE)
        if not place.cell:
            return set()
        return self.people_in[(place.wing, place.cell)] - {person_id}


@dataclass(frozen=True)
class About:
    """What is known of alerts, and of where people are."""

    alerts: dict[int, list[AlertFact]]
    elsewhere: Elsewhere
    today: date

    def words(self, buddy: int, helped: int, meaning: str) -> tuple[str, ...]:
        """Alerts of either person with this meaning, in words."""
        own = [f"{_shown(fact)} (buddy)" for fact in self.alerts[buddy] if fact.meaning.as_buddy == meaning]
        other = [f"{_shown(fact)} (helped)" for fact in self.alerts[helped] if fact.meaning.as_helped == meaning]
        return (*own, *other)

    def alerts_since(self, buddy: int, helped: int) -> date | None:
        """The newest day from which one of the alerts runs."""
        return max((fact.since for pk in (buddy, helped) for fact in self.alerts[pk]), default=None)

    def clashes(self, slots: frozenset[tuple[int, str]], buddy: int, helped: int) -> tuple[str, ...]:
        """Work and appointments of either at the times of the visits."""
        return (
            *clashes_with(slots, BUDDY, buddy, self.elsewhere, self.today),
            *clashes_with(slots, HELPED, helped, self.elsewhere, self.today),
        )

    def told_on(self, buddy: int, helped: int) -> date | None:
        """When the newest fact about where either is was written down."""
        return newest(facts_of(self.elsewhere, buddy, helped))


def _shown(fact: AlertFact) -> str:
    # These words are kept with the match: one that is not shared with the person stays unnamed there.
    return "An alert that is not shared with the person" if fact.hidden else fact.words


def facts_for(
    prison: Prison, plan: Plan, part: str, today: date, *, also: int | None = None, without: int | None = None
) -> Facts:
    """Facts about a plan and the buddies of the prison, and one more whatever its status (`also`).

    `without` leaves one match out of every count.
    """
    tasks = list(running_buddy_tasks(plan))
    return _facts(prison, plan.person, plan, tasks, part, today, also=also, without=without)


def facts_before_plan(prison: Prison, person: Person, part: str, today: date) -> Facts:
    """The same before there is a plan: what every task needs, and no task yet."""
    return _facts(prison, person, None, [], part, today)


def _facts(
    prison: Prison, person: Person, plan: Plan | None, tasks: list[PlanTask], part: str, today: date, *,
    also: int | None = None, without: int | None = None,
) -> Facts:  # fmt: skip
    rows = buddies_of(prison).filter(Q(status__in=LISTED) | Q(pk=also or 0))
    buddies = {buddy.pk: buddy for buddy in rows}
    places, people_in = _places(prison)
    matches = _matches(prison, person.pk, buddies, without)
    modules = modules_for_tasks(prison, {task.task_id for task in tasks})
    need = _need(person, plan, places, tasks, modules, matches, buddies)
    facts = Facts(need, {}, buddies, places, _labels(places, modules), today, people_in)
    stands = standing(buddies, today)
    trained = module_states(buddies, today)
    overrides = overrides_until(buddies)
    persons = [person.pk, *(buddy.person_id for buddy in buddies.values())]
    kept = keep_apart_others(persons)
    about = About(alerts_by_person(prison, persons, today), elsewhere(prison, persons, today), today)
    load = _load(matches, part)
    served = frozenset({need.wing}) if places.get(person.pk, NOWHERE).served else frozenset[str]()
    for pk, buddy in buddies.items():
        facts.candidates[pk] = _candidate(
            facts, buddy, stands[pk], trained[pk], kept, load.get(pk, NO_LOAD), served, person.pk,
            overrides.get(pk, ()), about,
        )  # fmt: skip
    return facts


def buddies_to_ask_for(prison: Prison, person: Person) -> QuerySet[Buddy]:
    """Whom this person may ask for by name, in the order of a list."""
    rows = buddies_of(prison).filter(status__in=LISTED).exclude(person=person)
    return rows.order_by("person__last_name", "person__first_name", "id")


def _places(prison: Prison) -> tuple[dict[int, Place], dict[tuple[str, str], set[int]]]:
    served = SchemeWing.objects.for_prison(prison).filter(wing=OuterRef("wing"), served=True)
    places: dict[int, Place] = {}
    people_in: dict[tuple[str, str], set[int]] = defaultdict(set)
    rows = custodies_of(prison).annotate(served=Exists(served))
    for person_id, wing, name, landing, cell, is_served in rows.values_list(
        "person_id", "wing__code", "wing__name", "landing", "cell", "served"
    ):
        code = str(wing or "")
        places[person_id] = Place(code, str(name or ""), landing, cell, bool(is_served))
        if cell:
            people_in[(code, cell)].add(person_id)
    return places, people_in


def _matches(prison: Prison, person: int, buddies: Iterable[int], without: int | None) -> list[Match]:
    """Live matches of these buddies with the plan's weekly load, and all that this person ever had."""
    rows = Match.objects.for_prison(prison).filter(
        Q(buddy__in=list(buddies), status__in=Match.LIVE) | Q(plan__person=person)
    )
    return list(with_weekly_load(rows.exclude(pk=without or 0)).order_by("id"))


INTEGER = IntegerField()


def with_weekly_load(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Adds `weekly` (minutes) and `weekly_days` (weekdays) that the plan's tasks for a buddy take."""
    tasks = PlanTask.objects.filter(plan=OuterRef("plan"), done_by=PlanTask.DoneBy.BUDDY, stopped_at__isnull=True)
    weekly = tasks.order_by().values("plan").annotate(n=Sum(F("minutes") * F("weekdays__len"), output_field=INTEGER))
    days = tasks.order_by().annotate(day=Func(F("weekdays"), function="UNNEST", output_field=INTEGER)).values("day")
    return matches.annotate(weekly=Coalesce(Subquery(weekly.values("n")), 0), weekly_days=ArraySubquery(days))


def running_buddy_tasks(plan: Plan) -> QuerySet[PlanTask]:
    """What a buddy does of the plan."""
    rows: QuerySet[PlanTask] = PlanTask.objects.filter(plan=plan, done_by=PlanTask.DoneBy.BUDDY)
    return rows.filter(stopped_at__isnull=True).order_by("id")


def _tasks_of(module: Module) -> list[str]:
    return getattr(module, "for_tasks", None) or []


def _task_need(task: PlanTask, modules: list[Module]) -> TaskNeed:
    return TaskNeed(
        code=task.task_id,
        minutes_per_week=len(task.weekdays) * task.minutes,
        modules=frozenset(module.code for module in modules if task.task_id in _tasks_of(module)),
        weekdays=frozenset(task.weekdays),
        session=task.session,
    )


def _need(
    person: Person,
    plan: Plan | None,
    places: dict[int, Place],
    tasks: list[PlanTask],
    modules: list[Module],
    matches: list[Match],
    buddies: dict[int, Buddy],
) -> Need:
    place = places.get(person.pk, NOWHERE)
    own = [match for match in matches if plan is not None and match.plan_id == plan.pk]
    asked_for = plan.asked_for_id if plan is not None else None
    # Whatever plan it was: nobody is asked twice about one who was declined, and what went badly stays known.
    refused = {match.buddy_id for match in matches if match.status == Match.Status.REFUSED}
    return Need(
        wing=place.wing,
        landing=place.landing,
        tasks=tuple(_task_need(task, modules) for task in tasks),
        core_modules=frozenset(module.code for module in modules if module.mandatory),
        languages=frozenset(person.languages),
        asked_for=frozenset() if asked_for is None else frozenset({asked_for}),
        refused=frozenset(refused),
        current=frozenset(match.buddy_id for match in own if match.status in Match.LIVE),
        earlier={m.buddy_id: how_it_ended(m.end_reason) for m in matches if m.status == Match.Status.ENDED},
        own_buddy_id=next((pk for pk, buddy in buddies.items() if buddy.person_id == person.pk), None),
    )


def _labels(places: dict[int, Place], modules: list[Module]) -> Labels:
    return Labels(
        wings={place.wing: place.wing_name for place in places.values()},
        modules={module.code: module.title for module in modules},
    )


@dataclass(frozen=True)
class Load:
    """What a buddy's live matches take: people of one part, minutes a week, and on which weekdays."""

    people: int = 0
    minutes: int = 0
    weekdays: frozenset[int] = frozenset()


NO_LOAD = Load()


def _load(matches: list[Match], part: str) -> dict[int, Load]:
    """The load by buddy. A second buddy stands in, so only first ones carry minutes and days."""
    load: dict[int, Load] = {}
    for match in matches:
        if match.status in Match.LIVE:
            before = load.get(match.buddy_id, NO_LOAD)
            first = match.part == Match.Part.LEAD
            load[match.buddy_id] = Load(
                people=before.people + (match.part == part),
                minutes=before.minutes + (int(getattr(match, "weekly", 0)) if first else 0),
                weekdays=before.weekdays | (frozenset(getattr(match, "weekly_days", ())) if first else frozenset()),
            )
    return load


def _candidate(
    facts: Facts,
    buddy: Buddy,
    stands: BuddyStanding,
    trained: ModuleState,
    kept: dict[int, set[int]],
    load: Load,
    served: frozenset[str],
    person: int,
    overrides: Iterable[OverrideUntil],
    about: About,
) -> Candidate:
    place = facts.places.get(buddy.person_id, NOWHERE)
    from_person, from_buddy = kept.get(person, set()), kept.get(buddy.person_id, set())
    slots = frozenset((day, task.session) for task in facts.need.tasks for day in task.weekdays)
    since = about.alerts_since(buddy.person_id, person)
    through_cell = bool(from_person & facts.cellmates(buddy.person_id) or from_buddy & facts.cellmates(person))
    return Candidate(
        buddy_id=buddy.pk,
        status=buddy.status,
        wing=place.wing,
        landing=place.landing,
        # Clearance is for the role, and the role is done on the wings that the scheme serves.
        wings_cleared=served,
        live_matches=load.people,
        capacity=buddy.capacity,
        minutes_planned=load.minutes,
        minutes_cap=buddy.weekly_minutes,
        clearance=Standing(stands.clearance),
        compact=Standing(stands.compact),
        as_of=facts.today,
        keep_apart_checked_on=facts.today,
        keep_apart=person in from_buddy or buddy.person_id in from_person,
        cellmate_keep_apart=through_cell,
        # The departments look at alerts too when they clear a buddy; without a decision nobody has looked.
        alerts_as_of=max(filter(None, (stands.cleared_on, since)), default=None) if stands.cleared_on else None,
        alert_stops=about.words(buddy.person_id, person, Meaning.STOP),
        alert_warnings=about.words(buddy.person_id, person, Meaning.WARN),
        clashes=about.clashes(slots, buddy.person_id, person),
        clashes_as_of=about.told_on(buddy.person_id, person),
        clearance_until=stands.clearance_until,
        compact_until=stands.compact_until,
        modules_in_date=trained.in_date,
        modules_lapsed=trained.lapsed,
        waivers=waivers_of(facts.need.modules, stands, overrides),
        weekdays_planned=load.weekdays,
        days_cap=buddy.days_in_row,
        rest_day=buddy.rest_day,
        languages=frozenset(buddy.person.languages),
        shares_cell=buddy.person_id in facts.cellmates(person),
    )


def waivers_of(modules: Iterable[str], stands: BuddyStanding, overrides: Iterable[OverrideUntil]) -> tuple[Waiver, ...]:
    """What an approved take-over and approved overrides stand in for, whether they still run or have ended."""
    found = [Waiver(one.code, one.ends_on, WaiverKind.OVERRIDE) for one in overrides]
    over = stands.take_over
    if over is not None:
        items = ["COMPACT"] if over.lacks_compact else []
        items += sorted(modules) if over.lacks_modules else []
        found += [Waiver(item, over.good_by) for item in items]
    return tuple(found)
