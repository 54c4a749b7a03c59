"""Results of training, always for many buddies at once. The newest result of a module is the one that counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Prison
from schemes.models import Buddy
from schemes.queries.buddies import buddies_of, in_list_order
from training.models import Module, ModuleResult, TaskModule
from training.rules.results import TRAINABLE, State, state_of


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


def newest_results(buddy_ids: Iterable[int]) -> QuerySet[ModuleResult]:
    """The newest result of each module of each buddy."""
    rows: QuerySet[ModuleResult] = ModuleResult.objects.filter(buddy__in=set(buddy_ids))
    return rows.order_by("buddy_id", "module_id", "-assessed_on", "-id").distinct("buddy_id", "module_id")


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


def modules() -> QuerySet[Module]:
    """The catalogue in its order."""
    return Module.objects.order_by("position", "code")


def mandatory_codes() -> frozenset[str]:
    """Modules that every buddy must have."""
    return frozenset(Module.objects.filter(mandatory=True).values_list("code", flat=True))


def modules_of_tasks(codes: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each task the modules that it needs beyond the mandatory ones."""
    wanted = set(codes)
    needs: dict[str, set[str]] = {code: set() for code in wanted}
    for task, module in TaskModule.objects.filter(task__in=wanted).values_list("task_id", "module_id"):
        needs[task].add(module)
    return {code: frozenset(needed) for code, needed in needs.items()}


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
    return rows.select_related("module", "recorded_by").order_by("-assessed_on", "-id")
