"""When a restricted task may be asked for, decided about and withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import check_transition, twin
from schemes.models import Scheme, TaskKind
from schemes.rules.schemes import check_is_restricted
from training.models import RestrictedTask
from training.models.restricted import LONGEST_DAYS

S = RestrictedTask.Status
# Every status, with what it may become. At its review date an approved one ends without a change of status.
TRANSITIONS: dict[str, set[str]] = {
    S.WAITING: {S.APPROVED, S.REFUSED},
    S.APPROVED: {S.WITHDRAWN, S.RENEWED},
    S.REFUSED: set(),
    S.WITHDRAWN: set(),
    S.RENEWED: set(),
}
LONGEST = timedelta(days=LONGEST_DAYS)
# So long before its review date an approval is shown as one to renew.
SOON = timedelta(days=28)


def check_can_ask(
    scheme: Scheme,
    task: TaskKind,
    *,
    reason: str,
    modules: Collection[str],
    offered: Collection[str],
    review_on: date,
    waiting: bool,
    today: date,
) -> None:
    """A restricted task, once at a time, with a reason, extra training by name and a review within a year."""
    check_is_restricted(task)
    if scheme.status == Scheme.Status.CLOSED:
        raise NotAllowed("This scheme is closed.")
    if waiting:
        raise NotAllowed("A request for this task waits for a decision already.", field="task")
    if not reason.strip():
        raise NotAllowed("Enter why buddies here should do this.", field="reason")
    if not modules or not set(modules) <= set(offered):
        raise NotAllowed("Select at least one module that a buddy must hold for this.", field="modules")
    if not today < review_on <= today + LONGEST:
        raise NotAllowed(
            f"Enter a review date after today and on or before {day_in_words(today + LONGEST)}.", field="review_on"
        )


def check_can_decide(
    asked: RestrictedTask, *, decider_id: int | None, lead_id: int, approve: bool, reason: str, today: date
) -> None:
    """The governor's delegate decides: never who asked, never the lead of the scheme, and only once."""
    check_transition(
        TRANSITIONS, asked.status, S.APPROVED if approve else S.REFUSED,
        f"This request has been decided already (“{asked.get_status_display()}”).",
    )  # fmt: skip
    if decider_id == asked.asked_by_id:
        raise NotAllowed("You asked for this, so somebody else has to decide about it.")
    if decider_id == lead_id:
        raise NotAllowed("The lead of the scheme cannot decide about this. The governor’s delegate does.")
    if approve and asked.review_on <= today:
        raise NotAllowed("The review date has passed. Refuse, and have it asked for again with a new date.")
    if not approve and not reason.strip():
        raise NotAllowed("Enter the reason for refusing.", field="reason")


def check_can_withdraw(asked: RestrictedTask, reason: str) -> None:
    """While it runs, with a reason; it needs nobody else."""
    check_transition(TRANSITIONS, asked.status, S.WITHDRAWN, "Only an approved task can be withdrawn.")
    if not reason.strip():
        raise NotAllowed("Enter why the task is withdrawn.", field="reason")


can_withdraw = twin(check_can_withdraw)
