"""Interviews: written criteria, scores given apart, and when the agreed result may be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from schemes.models import Buddy, Interview, ScoreSheet
from schemes.models.interview import HIGHEST, LOWEST
from schemes.rules.buddies import check_day

S = Buddy.Status
# What every scheme starts with, in our own words; the lead changes them for the prison.
DEFAULT_CRITERIA = (
    "Wants to help others, and can say why",
    "Treats everybody with respect, also people who are different or difficult",
    "Knows what a buddy never does, and would say no when asked",
    "Keeps private things private, and tells staff about a risk of harm",
    "Can be relied on: comes on time and finishes what was begun",
)
FEWEST, MOST = 1, 10
SCORE_WORDS: dict[int, str] = {1: "Not shown", 2: "Shown a little", 3: "Shown well", 4: "Shown very well"}
SHEETS = 2


def check_criteria(items: Sequence[str]) -> None:
    """From one to ten different criteria, each one line."""
    if not FEWEST <= len(items) <= MOST:
        raise NotAllowed(f"Enter from {FEWEST} to {MOST} criteria, one on each line.", field="criteria")
    too_long = next((item for item in items if len(item) > 150), None)
    if too_long is not None:
        raise NotAllowed(f"Shorten “{too_long[:40]}”: a criterion has at most 150 characters.", field="criteria")
    seen: set[str] = set()
    for item in items:
        if item.lower() in seen:
            raise NotAllowed(f"“{item}” is there twice. Take one of them out.", field="criteria")
        seen.add(item.lower())


def check_can_score(
    buddy: Buddy,
    *,
    two_scores: bool,
    sheets: Sequence[ScoreSheet],
    scorer_id: int | None,
    decided: Interview | None,
    held_on: date | None,
    today: date,
) -> None:
    """One sheet a person, two an interview, before the agreed result.

    `sheets` are those of the interview that has no result yet; `decided` is the last one that has.
    `held_on` is None while the page is only looked at.
    """
    name = buddy.person.full_name
    if not two_scores:
        raise NotAllowed("This scheme agrees a result without separate scores. Record the interview instead.")
    if buddy.status in (S.APPLIED, S.CHECKS):
        raise NotAllowed(f"{name} is not at the interview yet: every department has to sign clearance first.")
    if buddy.status != S.INTERVIEW or (decided is not None and decided.result == Interview.Result.SUITABLE):
        raise NotAllowed(f"The decision about {name} has been made, so no more scores are taken.")
    if any(sheet.scored_by_id == scorer_id for sheet in sheets):
        raise NotAllowed("You have given your scores for this interview. Somebody else gives the other ones.")
    if len(sheets) >= SHEETS:
        raise NotAllowed("Both scores for this interview are in. Record the agreed result next.")
    if held_on is None:
        return
    check_day(held_on, today, what="Date of the interview", field="held_on", earliest=buddy.applied_on)
    if decided is not None and held_on <= decided.held_on:
        raise NotAllowed(
            f"The result of the interview of {day_in_words(decided.held_on)} has been recorded, so no more scores are "
            "taken for it. For another interview, enter its later date.",
            field="held_on",
        )


can_score = twin(check_can_score)


def check_scores(scores: Sequence[int], *, criteria: Sequence[str]) -> None:
    """A score from 1 to 4 for each criterion."""
    if len(scores) != len(criteria) or any(not LOWEST <= score <= HIGHEST for score in scores):
        raise NotAllowed(f"Give a score from {LOWEST} to {HIGHEST} for each criterion.")


def check_can_agree(*, two_scores: bool, sheets: Sequence[ScoreSheet]) -> None:
    """Where two scores are asked for, both come before the agreed result."""
    if two_scores and len(sheets) < SHEETS:
        missing = "Neither of the two scores is" if not sheets else "Only one of the two scores is"
        raise NotAllowed(
            f"{missing} in yet. Two members of staff each give their own first; then record the agreed result."
        )
