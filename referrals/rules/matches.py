"""When two people may be matched, and what a match may become."""

from __future__ import annotations

from collections.abc import Iterable

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import check_transition, twin
from referrals.matching import Check, Ended, Verdict
from referrals.models import Match, Plan
from schemes.models import Buddy

S = Match.Status
# Who is listed: those who do the role, and those who are about to, so that it is said what they lack.
LISTED = (Buddy.Status.IN_TRAINING, Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED)

# Every status, with what it may become.
TRANSITIONS: dict[str, set[str]] = {
    S.PROPOSED: {S.ACTIVE, S.REFUSED, S.ENDED},
    S.ACTIVE: {S.PAUSED, S.ENDED},
    S.PAUSED: {S.ACTIVE, S.ENDED},
    S.REFUSED: set(),
    S.ENDED: set(),
}
SENTENCES: dict[str, str] = {
    S.PROPOSED: "Both people have yet to be asked. Record what each of them said first.",
    S.ACTIVE: "This match is active already.",
    S.PAUSED: "This match is paused. Resume it or end it.",
    S.REFUSED: "This match was refused. Choose another buddy for the plan.",
    S.ENDED: "This match has ended. Choose another buddy for the plan.",
}
# Why a match ends, as it is stored and shown, and what that says about the two for a later match.
END_REASONS: dict[str, Ended] = {
    "The help is no longer needed": Ended.WELL,
    "One of the two has left the prison": Ended.WELL,
    "The buddy no longer does the role": Ended.NEITHER,
    "Another buddy suits better": Ended.NEITHER,
    "One of the two asked to end it": Ended.NEITHER,
    "A concern was raised": Ended.BADLY,
    "It did not work between the two": Ended.BADLY,
}


def check_can_become(match: Match, wanted: str) -> None:
    """The transition table, in words."""
    check_transition(TRANSITIONS, match.status, wanted, SENTENCES[match.status])


can_become = twin(check_can_become)


def check_can_propose(plan: Plan, part: str, live_parts: Iterable[str]) -> None:
    """An active plan with no live match for this part. The second buddy stands in for the first, so needs one."""
    if part not in Match.Part.values:
        raise NotAllowed("Choose whether this is the first or the second buddy.")
    if plan.status != Plan.Status.ACTIVE:
        raise NotAllowed("Make the plan active before you choose a buddy: the person agrees to the plan first.")
    live = set(live_parts)
    if part in live:
        raise NotAllowed(
            f"The plan has a {Match.Part(part).label.lower()} already, or one is being asked. End that match first."
        )
    if part == Match.Part.SECOND and Match.Part.LEAD not in live:
        raise NotAllowed("Choose the first buddy before the second, who comes when the first is away.")


can_propose = twin(check_can_propose)


NO_WING = "It is not recorded on which wing this person lives. Record it on the person’s page, then choose a buddy."


def check_wing_known(wing: str) -> None:
    """Nobody can say who lives near somebody whose wing is not known."""
    if not wing:
        raise NotAllowed(NO_WING)


def check_pair_suits(checks: Iterable[Check]) -> None:
    """Nothing stops this pair. What does is said in the words of the checks."""
    stops = [check.words for check in checks if check.verdict is Verdict.STOP]
    if stops:
        raise NotAllowed("These two cannot be matched now. " + " ".join(stops))


def check_choice(first: str, why: str) -> None:
    """Whoever proposes somebody else than the first suggestion says why; `first` is empty where it is the first."""
    if first and not why.strip():
        raise NotAllowed(f"{first} is suggested first. Enter why you choose this buddy instead.", field="why")


def check_can_be_asked_for(plan: Plan, buddy: Buddy | None) -> None:
    """While the plan runs, somebody who does the role or is about to, and not the person themselves."""
    if plan.status not in Plan.LIVE:
        raise NotAllowed("This plan has ended, so nobody is chosen for it. Record the wish on the new plan.")
    if buddy is not None and buddy.status not in LISTED:
        raise NotAllowed("This person is not a buddy now. Select another buddy.", field="buddy")
    if buddy is not None and buddy.person_id == plan.person_id:
        raise NotAllowed("Nobody is their own buddy. Select another buddy.", field="buddy")


can_be_asked_for = twin(check_can_be_asked_for)


def check_can_answer(match: Match, plan: Plan) -> None:
    """Both people are asked while the match is proposed, and for a plan that runs."""
    if match.status != S.PROPOSED:
        raise NotAllowed(SENTENCES[match.status])
    if plan.status != Plan.Status.ACTIVE:
        raise NotAllowed("The plan is no longer active, so this match cannot begin. End the match.")


def check_shown(*, decided_for: bool, person_showed: str) -> None:
    """Of somebody who cannot decide, what they showed when asked as far as possible is written down."""
    if decided_for and not person_showed.strip():
        raise NotAllowed("Enter what the person showed or said.", field="person_showed")


def check_can_be_first(match: Match, live_parts: Iterable[str]) -> None:
    """An agreed second buddy of a plan whose first has gone."""
    if match.part != Match.Part.SECOND or match.status != S.ACTIVE:
        raise NotAllowed("Only an active second buddy can become the first.")
    if Match.Part.LEAD in set(live_parts):
        raise NotAllowed("The plan has a first buddy, or one is being asked. End that match first.")


can_be_first = twin(check_can_be_first)


def check_reason(reason: str, *, of: str) -> None:
    """Pausing and ending say why; a refusal does not."""
    if not reason.strip():
        raise NotAllowed(f"Select or enter the reason for {of}.", field="reason")


def how_it_ended(reason: str) -> Ended:
    """What an earlier match's reason says about matching the two again."""
    return END_REASONS.get(reason, Ended.NEITHER)
