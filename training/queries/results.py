"""Results of training, always for many buddies at once. The newest result of a module is the one that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Func, OuterRef, Q, QuerySet, Subquery

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of, in_list_order
from training.models import ClassSession, LocalTaskModule, Module, ModuleResult, TaskModule
from training.rules.results import TRAINABLE, State, knowledge_held, state_of


@dataclass(frozen=True)
class ModuleState:
    """Codes of one buddy's modules by state; a module in none of the sets was never passed."""

    in_date: frozenset[str] = frozenset()
    lapsed: frozenset[str] = frozenset()
    lapsing: frozenset[str] = frozenset()
    """Also in `in_date`: these lapse within 28 days."""


@dataclass
class _Codes:
    in_date: set[str] = field(default_factory=set)
    lapsed: set[str] = field(default_factory=set)
    lapsing: set[str] = field(default_factory=set)


def newest_results(buddy_ids: Iterable[int], *, without: ClassSession | None = None) -> QuerySet[ModuleResult]:
    """The newest result of each module of each buddy. What was replaced or taken back does not count.

    `without` leaves out what was recorded for one class.
    """
    rows = ModuleResult.objects.filter(buddy__in=set(buddy_ids))
    return newest_of(rows if without is None else rows.exclude(session=without))


def results_in_order(buddy_ids: Iterable[int]) -> QuerySet[ModuleResult]:
    """Every result of these buddies that counts, the earliest first."""
    return counting(ModuleResult.objects.filter(buddy__in=set(buddy_ids))).order_by("assessed_on", "id")


def newest_of(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of these results the newest of each module of each buddy that counts."""
    return counting(rows).order_by("buddy_id", "module_id", "-assessed_on", "-id").distinct("buddy_id", "module_id")


def counting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of these results those that were neither replaced nor taken back."""
    return rows.filter(replaced_by__isnull=True).exclude(outcome=ModuleResult.Outcome.VOID)


def module_states(buddy_ids: Iterable[int], today: date) -> dict[int, ModuleState]:
    """For each of these buddies which modules are in date and which have lapsed. One query, however many."""
    ids = set(buddy_ids)
    found: dict[int, _Codes] = defaultdict(_Codes)
    rows = newest_results(ids).values_list("buddy_id", "module_id", "outcome", "expires_on")
    for buddy_id, code, outcome, expires_on in rows if ids else ():
        state = state_of(outcome, expires_on, today)
        if state.holds:
            found[buddy_id].in_date.add(code)
        if state == State.LAPSING:
            found[buddy_id].lapsing.add(code)
        if state == State.LAPSED:
            found[buddy_id].lapsed.add(code)
    return {
        pk: ModuleState(frozenset(found[pk].in_date), frozenset(found[pk].lapsed), frozenset(found[pk].lapsing))
        for pk in ids
    }


def modules(prison: Prison | None = None) -> QuerySet[Module]:
    """Modules in use: national ones first, then the prison's own. Without a prison, all that the reach shows."""
    rows: QuerySet[Module] = Module.objects.filter(withdrawn=False)
    if prison is not None:
        rows = Module.objects.for_prison(prison).filter(withdrawn=False)
    return rows.order_by("owner", "position", "code")


def mandatory_codes(prison: Prison | None = None) -> frozenset[str]:
    """Modules that every buddy must have, the prison's own among them."""
    return frozenset(modules(prison).filter(mandatory=True).values_list("code", flat=True))


def modules_of_tasks(codes: Iterable[str], prison: Prison | None = None) -> dict[str, frozenset[str]]:
    """For each task the modules that it needs beyond the mandatory ones: national, and with a prison its own too."""
    wanted = set(codes)
    needs: dict[str, set[str]] = {code: set() for code in wanted}
    pairs = TaskModule.objects.filter(task__in=wanted, module__withdrawn=False).values_list("task_id", "module_id")
    if prison is not None:
        own = LocalTaskModule.objects.for_prison(prison).filter(ended_at__isnull=True, module__withdrawn=False)
        pairs = pairs.union(own.filter(task__in=wanted).values_list("task_id", "module_id"))
    for task, module in pairs:
        needs[task].add(module)
    return {code: frozenset(needed) for code, needed in needs.items()}


def modules_for_tasks(prison: Prison, tasks: Iterable[str]) -> list[Module]:
    """The whole catalogue of a prison, each module with `for_tasks`: which of these tasks need it, here or anywhere."""
    return list(
        modules(prison).annotate(
            for_tasks=Func(
                _needing(TaskModule.objects.filter(task__in=tasks)),
                _needing(LocalTaskModule.objects.for_prison(prison).filter(task__in=tasks, ended_at__isnull=True)),
                function="array_cat",
                output_field=ArrayField(CharField()),
            )
        )
    )


def _needing(rows: QuerySet[Any]) -> Subquery:
    own = rows.filter(module=OuterRef("pk")).order_by().values("module")
    return Subquery(own.annotate(codes=ArrayAgg("task")).values("codes"))


def trainable(prison: Prison) -> QuerySet[Buddy]:
    """Everybody who can take a class: in training, in the role, or being taken over. By name."""
    taking_over = Q(status=Buddy.Status.CHECKS, source=Buddy.Source.TAKE_OVER)
    return in_list_order(buddies_of(prison).filter(Q(status__in=TRAINABLE) | taking_over))


def in_training(prison: Prison) -> QuerySet[Buddy]:
    """Those who have yet to start, by name."""
    return in_list_order(buddies_of(prison).filter(status=Buddy.Status.IN_TRAINING))


def results_of(buddy: Buddy) -> QuerySet[ModuleResult]:
    """Every result of one buddy, newest first."""
    rows: QuerySet[ModuleResult] = ModuleResult.objects.filter(buddy=buddy)
    return rows.select_related("module", "recorded_by", "prior").order_by("-assessed_on", "-id")


def states_in(session: ClassSession, buddies: Sequence[Buddy]) -> dict[int, State]:
    """Where each of these stood in the module of a class, on its day and without it."""
    rows = newest_results([buddy.pk for buddy in buddies], without=session).filter(module=session.module)
    found = {row.buddy_id: state_of(row.outcome, row.expires_on, session.held_on) for row in rows}
    return {buddy.pk: found.get(buddy.pk, State.NOT_TAKEN) for buddy in buddies}


def knowledge_days(
    module: Module, buddies: Sequence[Buddy], on: date, *, without: ClassSession | None = None
) -> dict[int, date]:
    """The day of the knowledge part of those who have passed it and are still to show the practical one, by buddy."""
    if not module.practical:
        return {}
    rows = newest_results([buddy.pk for buddy in buddies], without=without).filter(module=module)
    found = {row.buddy_id: knowledge_held(module, row, on) for row in rows}
    return {pk: day for pk, day in found.items() if day is not None}


def locked_buddies(prison: Prison, ids: Sequence[int]) -> dict[int, Buddy]:
    """Buddies of the prison with these ids, held until the transaction ends."""
    rows = Buddy.objects.for_prison(prison).select_for_update(of=("self",)).select_related("person")
    return {buddy.pk: buddy for buddy in rows.filter(pk__in=ids).order_by("pk")}
