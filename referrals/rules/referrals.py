"""When a referral may be made and screened, and which request for an assessment follows from it."""

from __future__ import annotations

from collections.abc import Sequence

from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from referrals.models import AssessmentRequest, Referral

Status, Outcome, Body = Referral.Status, Referral.Outcome, AssessmentRequest.Body

TRANSITIONS: dict[str, set[str]] = {
    Status.RECEIVED: {Status.PROGRESSED, Status.NOT_PROGRESSED},
    Status.PROGRESSED: set(),
    Status.NOT_PROGRESSED: set(),
}

ASKED: dict[str, tuple[str, ...]] = {
    Outcome.BUDDY: (),
    Outcome.COUNCIL: (Body.COUNCIL,),
    Outcome.HEALTHCARE: (Body.HEALTHCARE,),
    Outcome.BUDDY_AND_COUNCIL: (Body.COUNCIL,),
    Outcome.BUDDY_AND_HEALTHCARE: (Body.HEALTHCARE,),
    Outcome.NONE: (),
    Outcome.LEFT: (),
}
WITH_BUDDY = frozenset({Outcome.BUDDY, Outcome.BUDDY_AND_COUNCIL, Outcome.BUDDY_AND_HEALTHCARE})

GONE = "This person is no longer on this prison’s list, so nothing was saved. Check the prison number with reception."


def check_is_here(here: bool) -> None:
    """The person may have been moved while the page was open."""
    if not here:
        raise NotAllowed(GONE)


def check_can_refer(*, here: bool, need_areas: Sequence[str], reason: str) -> None:
    """Somebody who is held here, with at least one area of need and a few words."""
    check_is_here(here)
    if not need_areas:
        raise NotAllowed("Select what the person needs help with.", field="need_areas")
    if not reason.strip():
        raise NotAllowed("Enter in a few words why the person needs help.", field="reason")


def status_after(outcome: str) -> str:
    """What screening makes of the referral."""
    return Status.NOT_PROGRESSED if outcome in (Outcome.NONE, Outcome.LEFT) else Status.PROGRESSED


def check_can_screen(referral: Referral, *, version: int, outcome: str, reason: str, here: bool) -> None:
    """Once, with a reason when it is not progressed, and for somebody who is still here."""
    if referral.status == Status.RECEIVED and referral.version != version:
        raise Stale("this referral")
    check_transition(
        TRANSITIONS,
        referral.status,
        status_after(outcome),
        "This referral has been screened already. Open it to see the outcome.",
    )
    if outcome not in Outcome.values or outcome == Outcome.LEFT:
        raise NotAllowed("Select what happens next.", field="outcome")
    if outcome == Outcome.NONE:
        if not reason.strip():
            raise NotAllowed("Enter why the referral is not progressed.", field="reason")
        return
    check_is_here(here)


def leaves_personal_care(referral: Referral, outcome: str) -> bool:
    """Personal care is asked for, and neither the council nor healthcare would hear of it."""
    return Referral.NeedArea.PERSONAL in referral.need_areas and not ASKED.get(outcome)


can_screen = twin(check_can_screen)
