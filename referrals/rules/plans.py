"""When a person may be asked, and when a plan may be written, made active, changed and ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import Consent, Plan, PlanTask, Referral
from referrals.rules.referrals import WITH_BUDDY, check_is_here
from schemes.models import TaskKind

Status, Answer = Plan.Status, Plan.Answer

TRANSITIONS: dict[str, set[str]] = {
    Status.WISHES: {Status.DRAFT, Status.ENDED},
    Status.DRAFT: {Status.DRAFT, Status.ACTIVE, Status.ENDED},
    Status.ACTIVE: {Status.ACTIVE, Status.PAUSED, Status.ENDED},
    Status.PAUSED: {Status.PAUSED, Status.ACTIVE, Status.ENDED},
    Status.REFUSED: set(),
    Status.ENDED: set(),
}
OPEN = frozenset({Status.WISHES, Status.DRAFT, Status.ACTIVE, Status.PAUSED})

# A plan is looked at again within a year, whatever happens.
LONGEST_REVIEW = timedelta(days=366)
# From this many days before its review a plan is due.
DUE_WITHIN = timedelta(days=14)
MOST_GOALS = 3
LONGEST_GOAL = 200

CLOSED = "This plan is closed. Make a new referral if the person needs help again."


def check_can_record_wishes(referral: Referral, *, here: bool, live_plan: bool, own_words: str) -> None:
    """A referral screened for buddy support, a person who is here, no plan that runs, and words of their own."""
    check_is_here(here)
    if referral.outcome not in WITH_BUDDY:
        raise NotAllowed("This referral was not screened for buddy support, so there is nothing to ask the person yet.")
    if live_plan:
        raise NotAllowed("This person has a plan already. Open the plan instead.")
    if not own_words.strip():
        raise NotAllowed("Enter what the person said, in their own words.", field="own_words")


def check_answer(answer: str, *, assessed: bool) -> None:
    """Yes or no from the person; only with an assessment that they cannot decide."""
    if answer not in Answer.values:
        raise NotAllowed("Select whether the person agrees to help from a buddy.", field="answer")
    if assessed != (answer == Answer.CANNOT_DECIDE):
        raise NotAllowed(
            "Record who assessed that the person cannot decide this, and what was decided.", field="answer"
        )


def check_can_write(plan: Plan) -> None:
    """While it is not closed."""
    if plan.status not in OPEN:
        raise NotAllowed(CLOSED)


def check_can_save(plan: Plan, *, version: int, review_on: date | None, today: date) -> None:
    """Not closed, nobody saved in between, and a review date that is still to come."""
    check_can_write(plan)
    if plan.version != version:
        raise Stale("this plan")
    check_review(plan, review_on, today)


def check_review(plan: Plan, review_on: date | None, today: date) -> None:
    """After today and within a year; a date that was there already is left alone. An active plan keeps one."""
    if review_on == plan.review_on and review_on is not None:
        return
    if review_on is None:
        if plan.status in (Status.ACTIVE, Status.PAUSED):
            raise NotAllowed("Enter the date of the next review.", field="review_on")
        return
    if not today < review_on <= today + LONGEST_REVIEW:
        raise NotAllowed("Enter a review date after today and within a year.", field="review_on")


def check_goals(goals: Collection[str]) -> None:
    """One to three, each on one line that fits the paper."""
    if not goals:
        raise NotAllowed("Enter what the help should achieve.", field="goals")
    if len(goals) > MOST_GOALS:
        raise NotAllowed(f"Enter at most {MOST_GOALS} goals, one on each line.", field="goals")
    if any(len(goal) > LONGEST_GOAL for goal in goals):
        raise NotAllowed(f"Shorten each goal to {LONGEST_GOAL} characters or fewer.", field="goals")


def check_can_review(plan: Plan, *, version: int, next_on: date, today: date) -> None:
    """A full plan that runs, nobody saved in between, and a next review after today and within a year."""
    check_can_write(plan)
    if plan.is_interim:
        raise NotAllowed("Interim help is not reviewed. Make it the full plan, or let it end.")
    if plan.status not in (Status.ACTIVE, Status.PAUSED):
        raise NotAllowed("The plan is not active yet, so there is nothing to review.")
    if plan.version != version:
        raise Stale("this plan")
    if not today < next_on <= today + LONGEST_REVIEW:
        raise NotAllowed("Enter a review date after today and within a year.", field="next_on")


def check_task_allowed(task: TaskKind, allowed: Collection[str]) -> None:
    """A task that buddies may do, and that this scheme allows. `allowed` are the scheme's codes."""
    if task.kind == TaskKind.Kind.PROHIBITED:
        raise NotAllowed(task.refusal, field="task")
    if task.code in allowed:
        return
    if task.kind == TaskKind.Kind.RESTRICTED:
        raise NotAllowed(
            task.refusal or "This task stays off until the governor’s delegate has approved it for this scheme.",
            field="task",
        )
    raise NotAllowed(
        f"This scheme has stopped “{task.name}”. Select another task, or allow it on the page of the scheme.",
        field="task",
    )


def check_can_add_task(
    plan: Plan, *, task: TaskKind, allowed: Collection[str], session: str, weekdays: Collection[int], minutes: int,
    taken: bool, here: bool,
) -> None:  # fmt: skip
    """An allowed task on at least one weekday, once in a session, for 1 to 240 minutes."""
    check_can_write(plan)
    check_is_here(here)
    check_task_allowed(task, allowed)
    if not weekdays or not set(weekdays) <= set(range(7)):
        raise NotAllowed("Select the days of the week.", field="weekdays")
    if not 1 <= minutes <= 240:
        raise NotAllowed("Enter minutes from 1 to 240.", field="minutes")
    if taken:
        raise NotAllowed(
            f"“{task.name}” is in the plan for this session already. Remove that line, or select another session.",
            field="session",
        )


def check_can_activate(
    plan: Plan, *, version: int, tasks: int, agrees: bool, scheme_open: bool, here: bool, today: date
) -> None:
    """`agrees`, or it was decided in their best interests; a task, a review date to come, an open scheme."""
    if plan.version != version:
        raise Stale("this plan")
    if plan.status == Status.ACTIVE:
        raise NotAllowed("This plan is active already.")
    if plan.status not in (Status.WISHES, Status.DRAFT):
        raise NotAllowed(CLOSED if plan.status not in OPEN else "This plan is paused because the person withdrew.")
    check_is_here(here)
    if plan.answer == Answer.CANNOT_DECIDE and not agrees:
        raise NotAllowed(
            "No decision in the person’s best interests stands now. Record one, or record that the person agrees."
        )
    if plan.answer == Answer.REFUSES or not agrees:
        raise NotAllowed("The person does not agree to help from a buddy, so the plan cannot be made active.")
    if not tasks:
        raise NotAllowed("Add at least one task before you make the plan active.")
    if plan.review_on is None:
        raise NotAllowed("Enter a review date before you make the plan active.")
    if plan.review_on <= today:
        raise NotAllowed("The review date has passed. Enter a new one before you make the plan active.")
    if not scheme_open:
        raise NotAllowed("The scheme of this prison is not open yet. Open it first, then make the plan active.")


def check_can_stop_task(plan: Plan, plan_task: PlanTask) -> None:
    """Once; the plan must not be closed."""
    if plan_task.stopped_at is not None:
        raise NotAllowed("This task has been stopped already.")
    check_can_write(plan)


def check_can_end(plan: Plan, reason: str) -> None:
    """Once, with a reason."""
    check_transition(TRANSITIONS, plan.status, Status.ENDED, "This plan is closed already.")
    if not reason.strip():
        raise NotAllowed("Enter why the plan ends.", field="reason")


def check_can_withdraw(plan: Plan, consent: Consent) -> None:
    """What was given and still stands, of a plan that is not closed."""
    if not consent.given:
        raise NotAllowed("The person did not give this consent, so there is nothing to withdraw.")
    if consent.withdrawn_at is not None:
        raise NotAllowed("This consent has been withdrawn already.")
    check_can_write(plan)


def check_can_give(plan: Plan, scope: str, *, stands: bool, decided_for: bool) -> None:
    """Support or sharing, of a plan that is not closed, where none stands now, by somebody who can decide."""
    check_can_write(plan)
    if decided_for:
        raise NotAllowed(
            "It stands that the person cannot decide this. Record first that they can decide again, then ask them."
        )
    if scope not in (Consent.Scope.SUPPORT, Consent.Scope.SHARING):
        raise NotAllowed("Consent to one buddy is recorded with the match.")
    if stands:
        raise NotAllowed("This consent stands already.")


can_record_wishes = twin(check_can_record_wishes)
can_write = twin(check_can_write)
can_activate = twin(check_can_activate)
can_stop_task = twin(check_can_stop_task)
can_withdraw = twin(check_can_withdraw)
can_give = twin(check_can_give)
can_review = twin(check_can_review)
