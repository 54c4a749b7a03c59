"""The parts of a plan beside its tasks: goals, equipment, the evacuation plan, reviews, and versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from buddyscheme.accounts.models import Prison
from referrals.models import Equipment, EvacuationPlan, Plan, PlanGoal, PlanVersion
from referrals.models.plan import SafetyWord
from referrals.queries.plans import plans_of, running_tasks
from referrals.rules import plan_lines as lines
from referrals.rules.plan_lines import Body


def goals_of(plan: Plan) -> QuerySet[PlanGoal]:
    """The goals that stand, also those whose words wait for a second person."""
    rows: QuerySet[PlanGoal] = plan.goals.filter(removed_at__isnull=True)
    return rows.order_by("position", "id")


def equipment_of(plan: Plan) -> QuerySet[Equipment]:
    """What the person uses now."""
    rows: QuerySet[Equipment] = plan.equipment.filter(removed_at__isnull=True)
    return rows.select_related("added_by").order_by("id")


def equipment_overdue(prison: Prison, today: date) -> QuerySet[Plan]:
    """Live plans with equipment whose check is overdue."""
    overdue = Equipment.objects.filter(plan=OuterRef("pk"), removed_at__isnull=True, next_check_on__lt=today)
    return plans_of(prison).filter(Exists(overdue), status__in=Plan.LIVE)


def evacuation_of(plan: Plan) -> EvacuationPlan | None:
    """The answer that stands; None where nobody has asked yet."""
    rows: QuerySet[EvacuationPlan] = plan.evacuations.filter(replaced_at__isnull=True)
    return rows.select_related("written_by").first()


def needs_help_to_leave(plan: str) -> Exists:
    """For a queryset with a plan: whether the person needs help to leave in an emergency."""
    return Exists(EvacuationPlan.objects.filter(plan=OuterRef(plan), replaced_at__isnull=True, needs_help=True))


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """Every version, the newest first."""
    rows: QuerySet[PlanVersion] = plan.versions.select_related("by")
    return rows.order_by("-number")


def body_of(plan: Plan) -> Body:
    """The plan as it stands now, in words, each line with a key that names it in every version of this plan.

    What waits for a second person is not in the plan.
    """
    return {
        "kind": [["", lines.kind_line(plan)]],
        "own_words": [["", plan.own_words]],
        "goals": [[str(goal.position), lines.goal_line(goal)] for goal in goals_of(plan) if goal.words],
        "tasks": [[f"{task.task_id} {task.session}", lines.task_line(task)] for task in running_tasks(plan)],
        "safety": _safety(plan.safety_words),
        "equipment": [
            [str(number), lines.equipment_line(thing)]
            for number, thing in enumerate(plan.equipment.order_by("id"), 1)
            if thing.removed_at is None
        ],
        "evacuation": [["", lines.evacuation_line(evacuation_of(plan))]],
        "review": _one(lines.day(plan.review_on)),
        "falls": [["", {True: "Yes", False: "No", None: "Not asked yet"}[plan.falls_risk]]],
        "notes": _one(plan.staff_notes),
    }


def _safety(words: Iterable[str]) -> list[list[str]]:
    return [[word, str(SafetyWord(word).label)] for word in words]


def _one(words: str) -> list[list[str]]:
    return [["", words]] if words else []
