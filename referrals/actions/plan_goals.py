"""Up to three goals of a plan, each on its own line and behind the boundary guard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from referrals.actions.boundary import hold_text, let_go
from referrals.models import HeldText, Plan, PlanGoal
from referrals.queries.boundary import waiting_in
from referrals.queries.plan_parts import goals_of
from referrals.queries.plans import locked_plan
from referrals.rules import plans as rules
from referrals.rules.boundary import check_words

Place = HeldText.Place


@transaction.atomic
def set_goals(*, by: Actor, now: datetime, plan: Plan, goals: Sequence[str]) -> list[PlanGoal]:
    """Make these the plan's goals: those that stand already keep what reviews said of them, the others go.

    Words that seem to describe personal care are held, and their goal stays empty until a second person has decided.
    """
    plan = locked_plan(plan)
    wanted = list(dict.fromkeys(words.strip() for words in goals if words.strip()))
    rules.check_goals(wanted)
    held = waiting_in(plan)
    standing: dict[str, PlanGoal] = {}
    for goal in goals_of(plan).select_for_update():
        waiting = held.get((Place.PLAN_GOALS, goal.pk))
        words = waiting.words if waiting is not None else goal.words
        if words in wanted:
            standing[words] = goal
        else:
            _remove(by, now, plan, goal)
    free = iter(sorted({1, 2, 3} - {goal.position for goal in standing.values()}))
    added = [_add(by, now, plan, next(free), words) for words in wanted if words not in standing]
    if added:
        record(
            Event.PLAN_GOALS_SET, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id,
            goals=[goal.pk for goal in added],
        )  # fmt: skip
    return [*standing.values(), *added]


def _remove(by: Actor, now: datetime, plan: Plan, goal: PlanGoal) -> None:
    let_go(by=by, now=now, plan=plan, place=Place.PLAN_GOALS, subject_id=goal.pk)
    goal.removed_at, goal.removed_by = now, by.user
    goal.save(update_fields=["removed_at", "removed_by"])


def _add(by: Actor, now: datetime, plan: Plan, position: int, words: str) -> PlanGoal:
    hits = check_words(words)
    goal: PlanGoal = PlanGoal.objects.create(
        prison_id=plan.prison_id, plan=plan, position=position, words="" if hits else words
    )
    if hits:
        hold_text(
            by=by, now=now, prison=plan.prison, plan=plan, place=Place.PLAN_GOALS, subject_id=goal.pk, words=words,
            hits=hits,
        )  # fmt: skip
    return goal
