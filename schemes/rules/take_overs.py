"""Taking over a buddy who already does the job: what may be made good later, and who decides.

Clearance and keep-apart are not among the facts, because nobody can waive them.
"""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from schemes.models import Buddy, TakeOver
from schemes.rules.buddies import check_reason, open_record_words

USUAL = timedelta(days=90)
LONGEST = timedelta(days=180)
OLDEST = date(2000, 1, 1)


def check_can_ask(
    *, held_here: bool, open_record: Buddy | None, in_role_since: date, good_by: date, reason: str, today: date
) -> None:
    """A person held here without an open record, made good by a day within 180 days."""
    if not held_here:
        raise NotAllowed(
            "This person is not held here now. Check the prison number, or add the person first.",
            field="prison_number",
        )
    if open_record is not None:
        raise NotAllowed(open_record_words(open_record), field="prison_number")
    if in_role_since > today:
        raise NotAllowed(
            "The date since when the person does the job must be today or in the past.", field="in_role_since"
        )
    if in_role_since < OLDEST:
        raise NotAllowed("Check the year since when the person does the job.", field="in_role_since")
    check_good_by(good_by, today)
    check_says_why(reason)


def check_says_why(reason: str) -> None:
    """One reason, for one or for many."""
    check_reason(reason, of="the take-over")


def check_good_by(good_by: date, today: date) -> None:
    """In the future, and at most 180 days away."""
    if good_by <= today:
        raise NotAllowed("The date by which it is made good must be in the future.", field="good_by")
    if good_by > today + LONGEST:
        raise NotAllowed(
            f"The date by which it is made good must be on or before {day_in_words(today + LONGEST)}.", field="good_by"
        )


def check_can_decide(
    take_over: TakeOver, *, decider_id: int | None, lead_id: int, approve: bool, reason: str, today: date
) -> None:
    """The governor's delegate decides: never who asked, never the lead of the scheme, and only once."""
    if take_over.decision != TakeOver.Decision.WAITING:
        raise NotAllowed(f"This take-over has been decided already (“{take_over.get_decision_display()}”).")
    if decider_id == take_over.asked_by_id:
        raise NotAllowed("You asked for this take-over, so somebody else has to decide about it.")
    if decider_id == lead_id:
        raise NotAllowed("The lead of the scheme cannot decide about a take-over. The governor’s delegate does.")
    if take_over.buddy.status not in Buddy.OPEN:
        raise NotAllowed(
            f"This record is closed (“{take_over.buddy.get_status_display()}”): there is nothing to decide."
        )
    if approve and take_over.good_by <= today:
        raise NotAllowed(
            f"The date by which it is made good ({day_in_words(take_over.good_by)}) has passed. "
            "Refuse, and have it asked for again with a new date."
        )
    if not approve:
        check_reason(reason, of="refusing")


def check_can_decide_batch(waiting: set[str], refuse: set[str], reason: str) -> None:
    """Somebody still waits, only those are refused, and a refusal says why."""
    if not waiting:
        raise NotAllowed("Every take-over on this list has been decided already.")
    if not refuse <= waiting:
        raise NotAllowed("Somebody whom you refused has been decided about meanwhile. Open the page again.")
    if refuse:
        check_reason(reason, of="refusing")


def lacking_words(*, compact: bool, modules: bool, how_many: int | None = None) -> str:
    """What is to be made good: "compact and 3 modules", "compact", "modules", or nothing."""
    counted = "modules" if how_many is None else f"{how_many} {'module' if how_many == 1 else 'modules'}"
    return " and ".join(part for part, lacks in (("compact", compact), (counted, modules and how_many != 0)) if lacks)


def taken_over_words(
    *, compact: bool, modules: bool, good_by: date, approved_by: str, today: date, how_many: int | None = None
) -> str:
    """The sentence that shows a take-over wherever the buddy is shown.

    `compact` and `modules` say what still is to be made good; `how_many` modules, where that is known.
    """
    lacking = lacking_words(compact=compact, modules=modules, how_many=how_many)
    if not lacking:
        return f"Taken over: nothing is left to make good. Approved by {approved_by}."
    when = "to be made good by" if good_by >= today else "should have been made good by"
    return f"Taken over: {lacking} {when} {day_in_words(good_by)}, approved by {approved_by}."
