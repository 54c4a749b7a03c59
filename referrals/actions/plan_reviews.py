"""A review: what became of the goals, whether the help is still right, and when to look again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from referrals.actions.informal_help import help_was_mentioned
from referrals.actions.plan_versions import keep_version
from referrals.models import InformalHelp, Plan, PlanGoal, PlanReview, PlanVersion, Referral
from referrals.queries.plan_parts import goals_of
from referrals.queries.plans import locked_plan
from referrals.rules import plans as rules
from schemes.queries.people import custody_of


@transaction.atomic
def review_plan(
    *,
    by: Actor,
    now: datetime,
    plan: Plan,
    states: Mapping[int, str],
    right: str,
    other_help: str,
    next_on: date,
    version: int,
) -> PlanReview:
    """Record a review; `states` holds what was said of each goal by its id. The plan as it then stands is a version.

    `other_help` (does another prisoner help as well?) is kept with the review and is never used for discipline; a yes
    is entered in the register of informal help, where somebody looks at it.
    """
    plan = locked_plan(plan)
    goals = [goal for goal in goals_of(plan).select_for_update(of=("self",)) if goal.words]
    rules.check_can_review(plan, version=version, next_on=next_on, today=london_today(now))
    assert plan.review_on is not None  # an active or paused plan has one, by constraint and by rule
    for goal in goals:
        _say(by, now, goal, states.get(goal.pk, ""))
    review: PlanReview = PlanReview.objects.create(
        prison_id=plan.prison_id,
        plan=plan,
        due_on=plan.review_on,
        right=PlanReview.Right(right),
        other_help=Referral.OtherHelp(other_help),
        next_on=next_on,
        reviewed_at=now,
        reviewed_by=by.user,
    )
    plan.review_on = next_on
    plan.version += 1
    plan.save(update_fields=["review_on", "version"])
    record(
        Event.PLAN_REVIEWED, by=by, prison=plan.prison_id, subject=plan, person_id=plan.person_id, review=review.pk,
        right=review.right,
    )  # fmt: skip
    if review.other_help == Referral.OtherHelp.YES and custody_of(plan.prison, plan.person) is not None:
        how = InformalHelp.HowKnown.REVIEW
        help_was_mentioned(by=by, now=now, prison=plan.prison, person=plan.person, how_known=how)
    keep_version(by=by, now=now, plan=plan, why=PlanVersion.Why.REVIEWED)
    today = london_today(now)
    # A review held before its day counts when that day comes.
    month_changed(plan.prison_id, [min(review.due_on, today), today])
    return review


def _say(by: Actor, now: datetime, goal: PlanGoal, state: str) -> None:
    if not state:
        return
    goal.state, goal.state_at, goal.state_by = PlanGoal.State(state), now, by.user
    goal.save(update_fields=["state", "state_at", "state_by"])
