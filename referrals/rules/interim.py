"""When help may begin today, before a full plan is written, and when it becomes the full plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import Plan, Referral
from referrals.rules.referrals import check_is_here
from schemes.models import TaskKind

MOST_TASKS = 3
# From its tenth day on interim help is listed: its last day is at most four days away.
LISTED_WITHIN = timedelta(days=4)
END_REASON = "Interim help ended on its last day"
# Its buddy is agreed with both in the same step, so nobody types why it was not the first suggestion.
WHY_THIS_BUDDY = "Help from today: a buddy of the same wing, asked and agreed on the spot"
HAS_PLAN = "This person has a plan already. Open the plan instead."


def has_plan() -> NotAllowed:
    """Somebody else began one in the same moment."""
    return NotAllowed(HAS_PLAN)


def check_may_begin(referral: Referral, *, here: bool, live_plan: bool) -> None:
    """Somebody who is here and has no plan that runs. Screening may come later; nothing may follow a no."""
    check_is_here(here)
    if referral.status == Referral.Status.NOT_PROGRESSED:
        raise NotAllowed("This referral was not progressed. Make a new one if the person needs help now.")
    if live_plan:
        raise has_plan()


def check_can_start(
    referral: Referral, *, here: bool, live_plan: bool, own_words: str, tasks: Sequence[TaskKind], both_agree: bool
) -> None:
    """At most three everyday tasks, the person's own words, and the agreement of both."""
    check_may_begin(referral, here=here, live_plan=live_plan)
    if not own_words.strip():
        raise NotAllowed("Enter what the person said, in their own words.", field="own_words")
    if not 1 <= len({task.code for task in tasks}) <= MOST_TASKS:
        raise NotAllowed("Select one, two or three tasks.", field="tasks")
    other = next((task for task in tasks if not task.everyday), None)
    if other is not None:
        raise NotAllowed(f"“{other.name}” needs a full plan: it is no everyday task.", field="tasks")
    if not both_agree:
        raise NotAllowed(
            "Help starts today only when both agree. Choose another buddy, or leave the referral as it is."
        )


def check_same_wing(wings: Mapping[int, str], person: int, buddy: int) -> None:
    """Interim help comes from the person's own wing."""
    if not wings.get(person):
        raise NotAllowed(
            "It is not recorded on which wing this person lives. Record it on the person’s page, then start the help."
        )
    if wings.get(buddy) != wings[person]:
        raise NotAllowed("This buddy lives on another wing. Choose one of the person’s own wing.", field="buddy")


def check_can_make_full(plan: Plan, *, review_on: date | None) -> None:
    """Interim help that still runs, with the date of the first review."""
    if not plan.is_interim:
        raise NotAllowed("This is the full plan already.")
    if plan.status not in (Plan.Status.ACTIVE, Plan.Status.PAUSED):
        raise NotAllowed("This interim help has ended. Record what the person wants, then write the full plan.")
    if review_on is None:
        raise NotAllowed("Enter the date of the review.", field="review_on")


may_begin = twin(check_may_begin)
can_make_full = twin(check_can_make_full)
