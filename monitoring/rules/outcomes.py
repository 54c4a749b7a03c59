"""When somebody may be asked how they are, and which answers can be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from monitoring.outcomes import LICENSED, Instrument, Point, Run, window

HIGHEST_SCORE = 1000


def check_can_ask(
    *, instrument: Instrument, switched_on: Collection[str], point: Point, run: Run, started_on: date | None
) -> None:
    """It is asked here, this person's time for it has come, and a follow-up follows a start."""
    if not instrument.always and instrument.code not in switched_on:
        raise NotAllowed("The scheme does not ask these questions. The lead can switch them on under outcomes.")
    if point is not Point.START and started_on is None:
        raise NotAllowed("These questions were not asked at the start, so there is nothing to compare with.")
    if window(point, run) is None:
        raise NotAllowed("The help has not ended. Ask at the end.")


can_ask = twin(check_can_ask)


def check_asked_on(*, asked_on: date, today: date, point: Point, run: Run, started_on: date | None) -> None:
    """A day that has been, in the days for it, and not before the start was asked."""
    if asked_on > today:
        raise NotAllowed("The day cannot be after today.", field="asked_on")
    if point is not Point.START and started_on is not None and asked_on <= started_on:
        raise NotAllowed(
            f"The start was asked on {day_in_words(started_on)}. This must be on a later day.", field="asked_on"
        )
    span = window(point, run)
    if span is not None and not span[0] <= asked_on <= span[1]:
        raise NotAllowed(
            f"{point.words} is from {day_in_words(span[0])} to {day_in_words(span[1])}. Enter a day between them.",
            field="asked_on",
        )


def check_answers(instrument: Instrument, answers: Mapping[str, int]) -> None:
    """Answers that the questions offer; at least one."""
    offered = {question.code: {answer.value for answer in question.answers} for question in instrument.questions}
    if not answers:
        raise NotAllowed("Record at least one answer.")
    for code, value in answers.items():
        if value not in offered.get(code, ()):
            raise NotAllowed("Select one of the answers.", field=code)


def check_score(*, licensed: str, licence: str, score: Decimal | None) -> None:
    """A licensed instrument by its name, the licence's reference, and a score that can be."""
    if licensed not in dict(LICENSED):
        raise NotAllowed("Select the instrument.", field="licensed")
    if not licence.strip():
        raise NotAllowed("Enter the reference of the licence. Without one its score must not be kept.", field="licence")
    if score is None or not -HIGHEST_SCORE <= score <= HIGHEST_SCORE:
        raise NotAllowed("Enter the score that it came to.", field="score")
