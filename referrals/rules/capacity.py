"""When a decision may be made for somebody, and what stands on it: Mental Capacity Act 2005, sections 2 to 4."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from referrals.models import CapacityRecord, Plan

Advocate = CapacityRecord.Advocate
# Capacity changes: it is looked at again within three months.
LONGEST_REVIEW = timedelta(days=92)
# From this many days before its review a decision is due.
DUE_WITHIN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What was assessed, by whom, and what was decided. `objects` stops the step."""

    decision: str
    assessed_by_name: str
    assessed_by_role: str
    assessed_on: date
    cannot: tuple[str, ...]
    best_interests: str
    share: bool
    consulted: tuple[str, ...]
    advocate: str
    advocate_words: str
    objects: bool
    review_on: date


def check_assessment(asked: Assessment, *, today: date) -> None:
    """Somebody by name and role, lately; what the person cannot do; the decision and why; who was asked; a review."""
    for field, words, sentence in (
        ("decision", asked.decision, "Enter the decision that the person cannot make."),
        ("assessed_by_name", asked.assessed_by_name, "Enter who assessed the person."),
        ("assessed_by_role", asked.assessed_by_role, "Enter the role of whoever assessed the person."),
        ("best_interests", asked.best_interests, "Enter what was decided in the person’s best interests, and why."),
    ):
        if not words.strip():
            raise NotAllowed(sentence, field=field)
    if not asked.cannot or not set(asked.cannot) <= set(CapacityRecord.Cannot.values):
        raise NotAllowed("Select what the person cannot do, also with help.", field="cannot")
    if not asked.consulted:
        raise NotAllowed("Enter who was consulted, or that nobody could be consulted and why.", field="consulted")
    if asked.advocate not in Advocate.values:
        raise NotAllowed("Select whether an advocate takes part.", field="advocate")
    if asked.advocate != Advocate.ASKED and not asked.advocate_words.strip():
        raise NotAllowed(
            "Enter the advocate’s name." if asked.advocate == Advocate.NAMED else "Enter why no advocate is needed.",
            field="advocate_words",
        )
    if asked.assessed_on > today:
        raise NotAllowed("This date cannot be in the future.", field="assessed_on")
    if asked.assessed_on <= today - LONGEST_REVIEW:
        raise NotAllowed(
            "An assessment of more than three months ago is too old. Ask for a new one.", field="assessed_on"
        )
    if not today < asked.review_on <= today + LONGEST_REVIEW:
        raise NotAllowed("Enter a review date after today and within three months.", field="review_on")


def check_can_record(plan: Plan, *, withdrew: bool) -> None:
    """For a plan that is not closed; what somebody said while they could decide is not overruled."""
    if plan.status not in Plan.LIVE:
        raise NotAllowed("This plan is closed. Make a new referral if the person needs help again.")
    if withdrew:
        raise NotAllowed(
            "The person withdrew while they could decide, and that stands. End this plan, or ask them again."
        )


def check_can_end(record: CapacityRecord) -> None:
    """While it stands."""
    if record.ended_at is not None:
        raise NotAllowed("This decision has ended already.")


can_record = twin(check_can_record)
