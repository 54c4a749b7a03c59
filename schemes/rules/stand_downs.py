"""What a standing down has to say, and when an appeal may be recorded and decided."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from schemes.models import StandDown

Kind = StandDown.Kind
# A suspension is looked at again within this time, whatever happens.
LONGEST_REVIEW = timedelta(days=28)


def check_is_whole(
    kind: str, *, reason: str, category: str, paid: bool | None, review_on: date | None, told_how: str,
    appeal_route: str, today: date,
) -> None:  # fmt: skip
    """A reason always; what the prison decides says how the person was told and how they appeal."""
    if not reason.strip():
        raise NotAllowed("Enter the reason.", field="reason")
    if kind == Kind.LEFT:
        return
    if not told_how.strip():
        raise NotAllowed("Enter how the person was told.", field="told_how")
    if not appeal_route.strip():
        raise NotAllowed("Enter how the person can appeal.", field="appeal_route")
    if kind == Kind.REMOVED:
        if category not in StandDown.Category.values:
            raise NotAllowed("Select why the buddy is removed.", field="category")
        return
    if paid is None:
        raise NotAllowed("Select whether the buddy is paid while suspended.", field="paid")
    check_review(review_on, today)


def check_review(review_on: date | None, today: date) -> None:
    """After today, and within four weeks."""
    if review_on is None:
        raise NotAllowed("Enter the day on which the suspension is looked at again.", field="review_on")
    if not today < review_on <= today + LONGEST_REVIEW:
        raise NotAllowed(
            f"The review must be after today and on or before {day_in_words(today + LONGEST_REVIEW)}.",
            field="review_on",
        )


def check_can_put_off(stand_down: StandDown, review_on: date | None, today: date) -> None:
    """A running suspension, to a day within four weeks from now."""
    if stand_down.kind != Kind.SUSPENDED or stand_down.ended_at is not None:
        raise NotAllowed("This suspension has ended, so there is nothing to review.")
    check_review(review_on, today)


def check_can_appeal(stand_down: StandDown, *, appealed_on: date, today: date) -> None:
    """What the prison decided, once, from the day it began."""
    if stand_down.kind == Kind.LEFT:
        raise NotAllowed("The buddy left by their own wish, so there is nothing to appeal against.")
    if stand_down.appeal:
        raise NotAllowed("An appeal against this decision is recorded already.")
    if not stand_down.starts_on <= appealed_on <= today:
        raise NotAllowed(
            f"The day of the appeal must be from {day_in_words(stand_down.starts_on)} to today.", field="appealed_on"
        )


def check_can_decide_appeal(stand_down: StandDown, *, decider_id: int | None, answer: str) -> None:
    """Somebody who did not take the decision answers, in words that the person is told."""
    if stand_down.appeal != StandDown.Appeal.WAITING:
        raise NotAllowed("No appeal is waiting for a decision here.")
    if decider_id == stand_down.decided_by_id:
        raise NotAllowed("You took this decision, so somebody else has to decide about the appeal.")
    if not answer.strip():
        raise NotAllowed("Enter the answer that the person is told.", field="answer")


def _is_appealable(stand_down: StandDown) -> None:
    check_can_appeal(stand_down, appealed_on=stand_down.starts_on, today=stand_down.starts_on)


can_appeal = twin(_is_appealable)
