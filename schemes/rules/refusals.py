"""Refusals: why, when the person was told, and an appeal that somebody else decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import twin
from schemes.models import Buddy, Refusal
from schemes.rules.buddies import check_day, check_reason, open_record_words


@dataclass(frozen=True, kw_only=True)
class Telling:
    """How, when and by whom a person was told."""

    how: str
    on: date
    who: str


def check_telling(telling: Telling, *, declined_on: date, today: date) -> None:
    """A way, a day from the decision to today, and somebody who did it."""
    if telling.how not in Refusal.Told.values:
        raise NotAllowed("Select how the person was told.", field="told_how")
    check_day(telling.on, today, what="Date on which the person was told", field="told_on", earliest=declined_on)
    if not telling.who.strip():
        raise NotAllowed("Enter who told the person.", field="told_who")


def check_not_told(refusal: Refusal) -> None:
    """Told once; a record that is there is not overwritten."""
    if refusal.told_on is not None:
        raise NotAllowed("It is recorded already that the person was told. Open the buddy’s page again.")


def check_can_appeal(refusal: Refusal, *, appealed_on: date, words: str, declined_on: date, today: date) -> None:
    """One appeal, on a day from the decision to today, with what the person says."""
    if refusal.appealed_on is not None:
        raise NotAllowed("An appeal against this refusal is recorded already. Open the buddy’s page again.")
    check_day(appealed_on, today, what="Date of the appeal", field="appealed_on", earliest=declined_on)
    if not words.strip():
        raise NotAllowed("Enter what the person says against the refusal.", field="words")


def check_is_somebody_else(refusal: Refusal, *, decider_id: int | None) -> None:
    """Nobody decides about an appeal against their own decision."""
    if decider_id is None or decider_id == refusal.declined_by_id:
        raise NotAllowed(
            "You declined this application, so somebody else decides about the appeal: "
            "the deputy lead, the lead or the governor’s delegate."
        )


is_somebody_else = twin(check_is_somebody_else)


def check_can_decide(
    refusal: Refusal,
    *,
    decider_id: int | None,
    upheld: bool,
    reason: str,
    held_here: bool,
    open_record: Buddy | None,
) -> None:
    """An appeal that waits, decided by somebody else, with a reason. Upheld only where the application can go on."""
    if refusal.appealed_on is None:
        raise NotAllowed("No appeal is recorded. Record the appeal first.")
    if refusal.outcome:
        raise NotAllowed(f"The appeal is decided already: {refusal.get_outcome_display().lower()}.")
    check_is_somebody_else(refusal, decider_id=decider_id)
    check_reason(reason, of="the decision")
    if not upheld:
        return
    if not held_here:
        raise NotAllowed("This person is not held here now, so the application cannot go on. Dismiss the appeal.")
    if open_record is not None:
        raise NotAllowed(
            f"{open_record_words(open_record)} This application cannot be opened again beside it.", field="decision"
        )
