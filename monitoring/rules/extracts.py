"""When an extract may be asked for, decided, built and downloaded."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import check_transition, twin
from monitoring.models.extract import Extract

State = Extract.State
TRANSITIONS: dict[str, set[str]] = {
    State.ASKED: {State.APPROVED, State.REFUSED},
    State.APPROVED: {State.BUILT, State.UNSAFE},
    State.REFUSED: set(),
    State.BUILT: {State.EXPIRED},
    State.UNSAFE: set(),
    State.EXPIRED: set(),
}
LASTS = timedelta(days=30)
MOST_QUARTERS = 12
# A worker that was killed is not waited for longer than this.
TAKEN_FOR = timedelta(minutes=15)


def check_can_ask(
    *, recipient: str, purpose: str, ethics_reference: str, agreement: str, first: date, last: date, today: date
) -> None:
    """It says for whom, for what and under which references; its days are over, and not more than three years."""
    for words, field, sentence in (
        (recipient, "recipient", "Enter who receives the extract."),
        (purpose, "purpose", "Enter what the evaluation is to find out."),
        (ethics_reference, "ethics_reference", "Enter the reference of the ethics or research committee."),
        (agreement, "agreement", "Enter the reference of the data sharing agreement."),
    ):
        if not words.strip():
            raise NotAllowed(sentence, field=field)
    if last < first:
        raise NotAllowed("The last quarter must not be before the first.", field="last")
    if last >= today:
        raise NotAllowed(
            f"The last quarter is still running. Ask from {day_in_words(last + timedelta(days=1))}.", field="last"
        )
    if (last - first).days > 366 * MOST_QUARTERS // 4:
        raise NotAllowed(f"Choose {MOST_QUARTERS} quarters at most.", field="last")


def check_can_decide(*, state: str, is_own: bool, approved: bool, reason: str) -> None:
    """Once, by somebody else than who asked; a refusal says why."""
    if is_own:
        raise NotAllowed("You asked for this extract, so somebody else decides about it.")
    wanted = State.APPROVED if approved else State.REFUSED
    check_transition(TRANSITIONS, state, wanted, "This extract is decided already.")
    if not approved and not reason.strip():
        raise NotAllowed("Enter why it is refused.", field="reason")


def check_can_download(*, state: str, is_own: bool, expires_on: date | None, today: date) -> None:
    """By who asked for it, until its last day."""
    if not is_own:
        raise NotAllowed("Only who asked for this extract downloads it.")
    if state == State.EXPIRED or (expires_on is not None and today > expires_on):
        raise NotAllowed("This extract has expired and its file is deleted. Ask for a new one.")
    if state != State.BUILT:
        raise NotAllowed("This extract has no file.")


can_decide = twin(check_can_decide)
can_download = twin(check_can_download)
