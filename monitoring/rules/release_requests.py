"""When a release may be asked for, and how long a worker that says nothing is waited for."""

from __future__ import annotations

from datetime import timedelta

from buddyscheme.lib.errors import NotAllowed
from monitoring.models.release_request import ReleaseRequest

State = ReleaseRequest.State
ENDS = {State.REFUSED, State.FAILED}
TRANSITIONS: dict[str, set[str]] = {
    State.ASKED: {State.READING, *ENDS},
    State.READING: {State.HIDING, *ENDS},
    # Another worker begins again where the one that had it in hand died.
    State.HIDING: {State.CHECKING, State.READING, *ENDS},
    State.CHECKING: {State.DONE, State.READING, *ENDS},
    State.DONE: set(),
    State.REFUSED: set(),
    State.FAILED: set(),
}
QUIET_FOR = timedelta(minutes=45)
"""A worker that has said nothing for so long has died, and another one begins again. The last look at a release of 122
prisons takes some minutes, and far more where it finds much, and gives no sign of life."""
GIVEN_UP_AFTER = timedelta(hours=3)
"""What is not published by then keeps nobody from asking again."""


def check_none_at_work(words: str) -> None:
    """Releases are made safe beside each other, so one is made at a time. `words` name the one that is, if any."""
    if words:
        raise NotAllowed(
            f"{words} is being published. Wait until it is done: the list of releases shows how far it is."
        )


def check_still_may(may: bool) -> None:
    """Whoever asked has to hold the right when it is published, too."""
    if not may:
        raise NotAllowed(
            "Nothing was published, because whoever asked for it may not publish releases any more. "
            "Somebody who may has to ask for it again."
        )
