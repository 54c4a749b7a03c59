"""The gate on a new slot: what the buddies of a plan lack for one more task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from referrals.matching import Check, TaskNeed, Verdict, check_pair
from referrals.models import Match, Plan
from referrals.queries.matches import locked_pair
from referrals.queries.suggestions import facts_for
from schemes.models import Buddy, TaskKind
from training.queries.results import modules_of_tasks

# What the buddy must hold for the task itself, and what the whole week must fit into.
HOLDS = frozenset({"CLEARANCE", "COMPACT", "TRAINING"})
FITS = frozenset({"HOURS", "DAYS"})


@dataclass(frozen=True)
class SlotStop:
    """One buddy for whom the new slot is refused, and why."""

    match: Match
    checks: tuple[Check, ...]


def stops_for_slot(plan: Plan, task: TaskKind, weekdays: Sequence[int], minutes: int, today: date) -> list[SlotStop]:
    """What stops each live match of the plan from taking the slot; both buddies' rows are held from here on.

    A second buddy stands in, so they must hold what the task needs too; only the first carries its hours and days.
    """
    rows = Match.objects.filter(plan=plan, status__in=Match.LIVE).select_related("buddy__person").order_by("id")
    matches = list(rows)
    if not matches:
        return []
    locked_pair([plan.person_id, *(match.buddy.person_id for match in matches)])
    ids = sorted({match.buddy_id for match in matches})
    list(Buddy.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    slot = TaskNeed(
        task.code,
        len(set(weekdays)) * minutes,
        modules_of_tasks([task.code], plan.prison)[task.code],
        frozenset(weekdays),
    )
    found = [SlotStop(match, _stops(plan, match, slot, today)) for match in matches]
    return [stop for stop in found if stop.checks]


def _stops(plan: Plan, match: Match, slot: TaskNeed, today: date) -> tuple[Check, ...]:
    facts = facts_for(plan.prison, plan, match.part, today, also=match.buddy_id, without=match.pk)
    candidate = facts.candidates[match.buddy_id]
    alone, whole = replace(facts.need, tasks=(slot,)), replace(facts.need, tasks=(*facts.need.tasks, slot))
    checks = [check for check in check_pair(alone, candidate, today=today, labels=facts.labels) if check.code in HOLDS]
    if match.part == Match.Part.LEAD:
        checks += [
            check for check in check_pair(whole, candidate, today=today, labels=facts.labels) if check.code in FITS
        ]
    return tuple(check for check in checks if check.verdict is Verdict.STOP)
