"""What a day holds: facts about plans for opening it, and the visits once it is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import day_bounds, london_today
from referrals.models import (
    CoverSlot,
    Match,
    MatchStop,
    Plan,
    PlannedVisit,
    PlanTask,
    SlotException,
    StaffTick,
    Visit,
)
from referrals.queries.again import stopping
from referrals.rules.days import (
    HELD_WORDS,
    Answer,
    BuddyFact,
    CoverFact,
    MatchFact,
    Needed,
    PlanFact,
    SlotChange,
    Span,
    TaskFact,
)
from schemes.models import (
    Absence,
    Buddy,
    BuddyStep,
    Clearance,
    Custody,
    SchemeTask,
    TaskKind,
)
from schemes.models.scheme import needed_from
from schemes.queries.absences import Elsewhere, elsewhere
from schemes.queries.people import keep_apart_others


@dataclass(frozen=True)
class Read:
    """Plans as facts, with the rows behind them for whoever has to show them."""

    facts: list[PlanFact]
    plans: dict[int, Plan]
    buddies: dict[int, Buddy]
    """Whoever comes by a match or instead, with the person."""
    places: dict[int, Custody]
    """By person where they live now."""
    kinds: dict[str, TaskKind]
    elsewhere: Elsewhere
    covers: list[CoverSlot]
    """Of today and later, and not taken back before."""


def plan_facts(prison: Prison, *, since: datetime, plans: Iterable[int] | None = None) -> list[PlanFact]:
    """Every plan that ran at some time since the moment (or these of them)."""
    return read_plans(prison, since=since, plans=plans).facts


def read_plans(prison: Prison, *, since: datetime, plans: Iterable[int] | None = None) -> Read:
    """The same with the rows behind them, in a dozen queries for all."""
    rows: QuerySet[Plan] = Plan.objects.for_prison(prison).filter(activated_at__isnull=False)
    rows = rows.exclude(ended_at__lte=since) if plans is None else rows.filter(pk__in=set(plans))
    found = {plan.pk: plan for plan in rows.select_related("person").order_by("id")}
    matches = _matches(prison, found, since)
    given = _covers_given(found, since)
    coming = {match.buddy_id: match.buddy for match in matches} | {row.buddy_id: row.buddy for row in given}
    helped = {plan.person_id for plan in found.values()}
    persons = helped | {buddy.person_id for buddy in coming.values()}
    here, places = _times_here(prison, persons)
    out = elsewhere(prison, persons, london_today(since))
    away = _away(out)
    buddies = _buddies(coming, here, away)
    kept = keep_apart_others(persons) if coming else {}
    tasks, kinds = _tasks(found, since)
    agreed: dict[int, list[MatchFact]] = defaultdict(list)
    for match in matches:
        apart = match.is_stopped or match.buddy.person_id in kept[found[match.plan_id].person_id]
        agreed[match.plan_id].append(_match(match, buddies[match.buddy_id], apart))
    covers: dict[int, list[CoverFact]] = defaultdict(list)
    # A match is flagged when something comes to stop it; of those who stand in nobody keeps a flag.
    known = stopping(prison, persons, kept, london_today(since)) if given else None
    for row in given:
        stopped = known.codes(found[row.plan_id].person_id, row.buddy.person_id) if known else frozenset()
        span = Span(start=row.agreed_at, end=row.ended_at)
        covers[row.plan_id].append(CoverFact(row.day, row.session, buddies[row.buddy_id], span, bool(stopped)))
    facts = [
        PlanFact(
            id=plan.pk,
            person_id=plan.person_id,
            span=Span(start=cast(datetime, plan.activated_at), end=_end_of(plan)),  # filtered above
            paused=plan.status == Plan.Status.PAUSED,
            here=here.get(plan.person_id, ()),
            tasks=tuple(tasks[plan.pk]),
            matches=tuple(agreed[plan.pk]),
            away=away.get(plan.person_id, ()),
            covers=tuple(covers[plan.pk]),
        )
        for plan in found.values()
    ]
    return Read(facts, found, coming, places, kinds, out, given)


def _matches(prison: Prison, plans: Iterable[int], since: datetime) -> list[Any]:
    """Agreed matches of these plans, each with whether something stops it now (`is_stopped`)."""
    stops = MatchStop.objects.filter(match=OuterRef("pk"), cleared_at__isnull=True)
    rows = Match.objects.for_prison(prison).filter(plan__in=plans, started_on__isnull=False)
    rows = rows.exclude(ended_at__lte=since).select_related("buddy__scheme", "buddy__person")
    return list(rows.annotate(is_stopped=Exists(stops)).order_by("id"))


def _end_of(plan: Plan) -> datetime | None:
    """When it ended; interim help has nothing after its last day, also before the nightly task has ended it."""
    if not plan.is_interim:
        return plan.ended_at
    last = day_bounds(cast(date, plan.interim_until))[1]
    return min(plan.ended_at, last) if plan.ended_at is not None else last


def _match(match: Match, buddy: BuddyFact, apart: bool) -> MatchFact:
    assert match.buddy_agreed_at is not None  # by constraint; the person's where they can decide
    return MatchFact(
        id=match.pk,
        part=match.part,
        buddy=buddy,
        span=Span(
            start=max(match.person_agreed_at or match.buddy_agreed_at, match.buddy_agreed_at), end=match.ended_at
        ),
        paused=match.status == Match.Status.PAUSED,
        kept_apart=apart,
    )


def _times_here(prison: Prison, persons: set[int]) -> tuple[dict[int, tuple[Span, ...]], dict[int, Custody]]:
    """By person when they were held here, and where they live now."""
    found: dict[int, list[Span]] = defaultdict(list)
    places: dict[int, Custody] = {}
    for row in Custody.objects.for_prison(prison).filter(person__in=persons).select_related("wing"):
        found[row.person_id].append(Span(start=row.started_at, end=row.ended_at))
        if row.ended_at is None:
            places[row.person_id] = row
    return {person_id: tuple(spans) for person_id, spans in found.items()}, places


def _away(found: Elsewhere) -> dict[int, tuple[Absence, ...]]:
    """When these people are out of the prison."""
    return {person_id: tuple(row for row in rows if row.holds) for person_id, rows in found.absences.items()}


def _buddies(
    rows: dict[int, Buddy], here: dict[int, tuple[Span, ...]], away: dict[int, tuple[Absence, ...]]
) -> dict[int, BuddyFact]:
    steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for buddy_id, at, status in (
        BuddyStep.objects.filter(buddy__in=rows).order_by("at", "id").values_list("buddy_id", "at", "new_status")
    ):
        steps[buddy_id].append((at, status))
    answers: dict[int, list[Answer]] = defaultdict(list)
    signed = Clearance.objects.filter(buddy__in=rows).exclude(decision=Clearance.Decision.WAITING)
    for row in signed.order_by("signed_at", "id").defer("note"):
        assert row.signed_at is not None  # by constraint, once it is decided
        cleared = row.decision == Clearance.Decision.CLEARED
        answers[row.buddy_id].append(
            Answer(department=row.department, signed_at=row.signed_at, cleared=cleared, expires_on=row.expires_on)
        )
    return {
        pk: BuddyFact(
            id=pk,
            steps=tuple(steps[pk]),
            departments=tuple(
                Needed(department=department, since=needed_from(buddy.scheme.departments_from, department))
                for department in buddy.scheme.departments
            ),
            answers=tuple(answers[pk]),
            here=here.get(buddy.person_id, ()),
            rest_day=buddy.rest_day,
            away=away.get(buddy.person_id, ()),
        )
        for pk, buddy in rows.items()
    }


def _tasks(plans: Iterable[int], since: datetime) -> tuple[dict[int, list[TaskFact]], dict[str, TaskKind]]:
    """By plan what its buddy does, and the kinds of these tasks by code."""
    found: dict[int, list[TaskFact]] = defaultdict(list)
    kinds: dict[str, TaskKind] = {}
    rows = PlanTask.objects.filter(plan__in=plans, done_by=PlanTask.DoneBy.BUDDY).exclude(stopped_at__lte=since)
    changes = _changes(plans, since)
    until = SchemeTask.objects.filter(prison=OuterRef("prison"), task=OuterRef("task")).values("until")[:1]
    for row in rows.select_related("task").annotate(until=Subquery(until)).order_by("id"):
        restricted = row.task.kind == TaskKind.Kind.RESTRICTED
        kinds[row.task_id] = row.task
        found[row.plan_id].append(
            TaskFact(
                code=row.task_id,
                position=row.task.position,
                weekdays=frozenset(row.weekdays),
                session=row.session,
                minutes=row.minutes,
                starts_on=row.starts_on,
                stopped_at=row.stopped_at,
                changes=tuple(changes[row.pk]),
                until=(row.until or date.min) if restricted else None,
            )
        )
    return found, kinds


def _changes(plans: Iterable[int], since: datetime) -> dict[int, list[SlotChange]]:
    """By task what is left out or moved, oldest first."""
    day = london_today(since)
    rows = SlotException.objects.filter(plan_task__plan__in=plans).exclude(ended_at__lte=since)
    found: dict[int, list[SlotChange]] = defaultdict(list)
    for row in rows.filter(Q(last_on__gte=day) | Q(to_day__gte=day)).order_by("made_at", "id"):
        span = Span(start=row.made_at, end=row.ended_at)
        change = SlotChange(first=row.first_on, last=row.last_on, session=row.session, day=row.to_day, span=span)
        found[row.plan_task_id].append(change)
    return found


def _covers_given(plans: Iterable[int], since: datetime) -> list[CoverSlot]:
    rows = CoverSlot.objects.filter(plan__in=plans, day__gte=london_today(since)).exclude(ended_at__lte=since)
    return list(rows.select_related("buddy__scheme", "buddy__person").order_by("id"))


def buddy_facts(prison: Prison, buddies: Iterable[Buddy], since: datetime) -> dict[int, BuddyFact]:
    """What decides on which days these buddies may come, each with its scheme."""
    rows = {buddy.pk: buddy for buddy in buddies}
    persons = {buddy.person_id for buddy in rows.values()}
    out = elsewhere(prison, persons, london_today(since))
    return _buddies(rows, _times_here(prison, persons)[0], _away(out))


def visits_planned(prison: Prison, day: date) -> QuerySet[PlannedVisit]:
    """A day's visits that were not cancelled, with who and what stands in the plan."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(day=day, cancelled_at__isnull=True)
    return rows.select_related("person", "buddy__person", "plan")


def held_on(prison: Prison, day: date) -> QuerySet[PlannedVisit]:
    """Visits of the day that are held because the person is out of the prison, by name."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(
        day=day, cancelled_at__isnull=False, cancel_reason__in=HELD_WORDS.values()
    )
    return rows.select_related("person").order_by("person__last_name", "person__first_name", "session", "id")


def newest_visit_of() -> QuerySet[Visit]:
    """For a subquery under planned visits: the visit as it stands after corrections."""
    return Visit.objects.filter(planned=OuterRef("pk"), replaced_by__isnull=True)


def with_outcome(planned: QuerySet[PlannedVisit]) -> QuerySet[PlannedVisit]:
    """Adds `outcome`, `outcome_reason` and `visit_token` of the visit, None where nothing is recorded yet."""
    newest = newest_visit_of()
    return planned.annotate(
        outcome=Subquery(newest.values("outcome")[:1]),
        outcome_reason=Subquery(newest.values("reason")[:1]),
        visit_token=Subquery(newest.values("token")[:1]),
    )


def not_coming() -> Q:
    """Planned visits for which nobody is there, or whoever was did not come; what the person declined is no gap."""
    recorded = newest_visit_of()
    failed = recorded.filter(outcome=Visit.Outcome.NOT_DONE).exclude(reason=Visit.Reason.DECLINED)
    return Q(buddy__isnull=True) & ~Exists(recorded) | Exists(failed)


def uncovered(row: PlannedVisit) -> bool:
    """The same of one row that came with `with_outcome`."""
    outcome, reason = row.outcome, row.outcome_reason  # type: ignore[attr-defined]
    if outcome is None:
        return row.buddy_id is None
    return bool(outcome == Visit.Outcome.NOT_DONE and reason != Visit.Reason.DECLINED)


def essential_codes() -> list[str]:
    """Tasks whose lack is a harm: meals and water."""
    return list(TaskKind.objects.filter(essential=True).order_by("position").values_list("code", flat=True))


def uncovered_essential(prison: Prison, day: date) -> QuerySet[PlannedVisit]:
    """Visits of the day with a meal or water that no buddy brings and that staff have not ticked yet."""
    codes = essential_codes()
    rows = visits_planned(prison, day).filter(not_coming(), tasks__overlap=codes)
    wanted = sum(
        (Case(When(tasks__contains=[code], then=1), default=0, output_field=IntegerField()) for code in codes),
        start=Value(0),
    )
    ticked = StaffTick.objects.filter(planned=OuterRef("pk")).order_by().values("planned")
    ticks = Coalesce(Subquery(ticked.annotate(n=Count("id")).values("n")), 0)
    open_rows: QuerySet[PlannedVisit] = rows.annotate(wanted=wanted, ticks=ticks).filter(ticks__lt=F("wanted"))
    return open_rows.order_by("session", "id")


def unrecorded(prison: Prison, today: date, *, days_back: int) -> QuerySet[PlannedVisit]:
    """Past visits of the last days about which nothing is recorded, oldest first. Silence is no safety."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(prison).filter(
        ~Exists(Visit.objects.filter(planned=OuterRef("pk"))),
        day__lt=today,
        day__gte=today - timedelta(days=days_back),
        cancelled_at__isnull=True,
    )
    return rows.select_related("person", "buddy__person").order_by("day", "session", "id")


def is_uncovered(planned: PlannedVisit) -> bool:
    """Whether nobody is there for one visit, or whoever was did not come."""
    rows: QuerySet[PlannedVisit] = PlannedVisit.objects.for_prison(planned.prison_id).filter(pk=planned.pk)
    return uncovered(with_outcome(rows).get())


def task_of_visit(planned: PlannedVisit) -> QuerySet[TaskKind]:
    """The tasks that a visit holds."""
    return TaskKind.objects.filter(code__in=planned.tasks)


def unlogged_on(prison: Prison, day: date) -> QuerySet[PlannedVisit]:
    """Visits of one day about which nothing is recorded, by name."""
    rows = visits_planned(prison, day).filter(~Exists(Visit.objects.filter(planned=OuterRef("pk"))))
    return rows.order_by("person__last_name", "person__first_name", "session", "id")
