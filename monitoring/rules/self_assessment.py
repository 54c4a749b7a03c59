"""When a self-assessment may be started, answered and finished, and what may be attached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from buddyscheme.lib.dates import Quarter
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.rules import check_transition, twin
from monitoring.evidence import media_of
from monitoring.models import SelfAction, SelfAnswer, SelfAssessment, SelfEvidence
from monitoring.models.self_assessment import MOST_BYTES
from monitoring.standards import ITEMS, contradicts

S = SelfAction.State
TRANSITIONS: dict[str, set[str]] = {S.OPEN: {S.DONE, S.DROPPED}, S.DONE: set(), S.DROPPED: set()}
OLDEST = timedelta(days=366)
LONGEST_ACTION = timedelta(days=3 * 366)


def check_can_start(quarter: Quarter, *, today: date, opened_on: date | None, started: bool) -> None:
    """A quarter that has begun and in which the scheme was open, of the last year, once."""
    if started:
        raise NotAllowed(f"The self-assessment of {quarter} has been started. Open it from the list.")
    if opened_on is None or opened_on > quarter.last:
        raise NotAllowed(f"The scheme was not open in {quarter}, so there is nothing to assess.")
    if quarter.first > today:
        raise NotAllowed(f"{quarter} has not begun. You can start from {quarter.first:%-d %B %Y}.")
    if quarter.last < today - OLDEST:
        raise NotAllowed(f"{quarter} ended more than a year ago. Assess a newer quarter.")


can_start = twin(check_can_start)


def check_is_open(assessment: SelfAssessment) -> None:
    """A finished one stays as it is."""
    if assessment.finished_at is not None:
        raise NotAllowed("This self-assessment is finished and stays as it is. Use the next quarter’s for what is new.")


can_change = twin(check_is_open)


def check_can_finish(
    assessment: SelfAssessment, *, answers: Mapping[str, SelfAnswer], suggested: Mapping[str, str]
) -> None:
    """Every item is answered, and whatever the records contradict has a reason. `suggested` is by item, of now."""
    check_is_open(assessment)
    left = [item.code for item in ITEMS if item.code not in answers]
    if left:
        raise NotAllowed(f"Answer {_listed(left)} first, then finish.")
    bare = [
        item.code
        for item in ITEMS
        if not answers[item.code].words
        and (
            answers[item.code].contradicts or contradicts(answers[item.code].answer, suggested.get(item.code))
        )
    ]  # fmt: skip
    if bare:
        raise NotAllowed(f"Say why you answer otherwise than the records suggest: {_listed(bare)}.")


def _listed(codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{', '.join(codes[:-1])} and {codes[-1]}"


def check_evidence(*, prison_code: str, kind: str, shows: str, place: str, content: bytes | None) -> None:
    """What it shows, and one of: a page of this prison, words for where it is kept, or a file of a known kind."""
    if not shows.strip():
        raise NotAllowed("Say what it shows.", field="shows")
    if kind == SelfEvidence.Kind.PAGE and not place.startswith(f"/prisons/{prison_code}/"):
        raise NotAllowed("Copy the address of a page about this prison from this service.", field="page")
    if kind == SelfEvidence.Kind.KEPT and not place.strip():
        raise NotAllowed("Say what it is and where it is kept.", field="kept")
    if kind == SelfEvidence.Kind.FILE:
        _check_file(content or b"")


def _check_file(content: bytes) -> None:
    if not content:
        raise NotAllowed("The file is empty. Choose another file.", field="file")
    if len(content) > MOST_BYTES:
        raise NotAllowed("Choose a file smaller than 5 MB.", field="file")
    if media_of(content) is None:
        raise NotAllowed("This is no PDF, PNG or Word document inside. Choose another file.", field="file")


def check_action(*, what: str, responsible: str, due_on: date, today: date) -> None:
    """What, whose job, and a day that is still to come."""
    if not what.strip():
        raise NotAllowed("Say what will be done.", field="what")
    if not responsible.strip():
        raise NotAllowed("Say whose job it is.", field="responsible")
    if not today <= due_on <= today + LONGEST_ACTION:
        raise NotAllowed("Enter a day from today to three years from now.", field="due_on")


def check_can_close_action(action: SelfAction, *, state: str, came_of: str) -> None:
    """An open one, with a reason where it is dropped."""
    check_transition(TRANSITIONS, action.state, state, "This action is closed already.")
    if state == S.DROPPED and not came_of.strip():
        raise NotAllowed("Say why it is dropped.", field="came_of")
