"""When a scheme's settings may change, and when it may open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from itertools import pairwise

from buddyscheme.accounts.models import Wing
from buddyscheme.lib.errors import NotAllowed, Stale
from buddyscheme.lib.rules import check_transition, twin
from schemes.models import Scheme, Session, TaskKind

# Every status, with what it may become.
TRANSITIONS: dict[str, set[str]] = {
    Scheme.Status.SETTING_UP: {Scheme.Status.OPEN},
    Scheme.Status.OPEN: {Scheme.Status.CLOSED},
    Scheme.Status.CLOSED: set(),
}
RegimeRow = tuple[int, str, time, time]


def check_can_change_scheme(scheme: Scheme, version: int) -> None:
    """Not closed, and nobody saved in between."""
    if scheme.status == Scheme.Status.CLOSED:
        raise NotAllowed("This scheme is closed. Its settings can no longer be changed.")
    if scheme.version != version:
        raise Stale("the scheme’s settings")


def check_can_serve(scheme: Scheme, wings: Iterable[Wing]) -> None:
    """Wings of this prison that are in use, at least one."""
    chosen = list(wings)
    if not chosen:
        raise NotAllowed("Select at least one wing that the scheme serves.", field="wings")
    if any(wing.prison_id != scheme.prison_id or wing.closed for wing in chosen):
        raise NotAllowed("Select wings of this prison that are in use.", field="wings")


def check_can_allow(tasks: Iterable[TaskKind]) -> None:
    """Only permitted tasks. A restricted one needs an approver, and a prohibited one cannot be allowed at all."""
    for task in tasks:
        if task.kind == TaskKind.Kind.PROHIBITED:
            raise NotAllowed(f"“{task.name}” can never be a buddy’s task. {task.refusal}".strip(), field="tasks")
        if task.kind == TaskKind.Kind.RESTRICTED:
            raise NotAllowed(
                f"“{task.name}” stays off until the governor’s delegate approves it. Ask the governor’s delegate.",
                field="tasks",
            )


def check_is_restricted(task: TaskKind) -> None:
    """Only the class between allowed and never."""
    if task.kind == TaskKind.Kind.PROHIBITED:
        raise NotAllowed(f"“{task.name}” can never be a buddy’s task. {task.refusal}".strip(), field="task")
    if task.kind != TaskKind.Kind.RESTRICTED:
        raise NotAllowed(f"“{task.name}” needs no approval. Allow it on the page of the scheme.", field="task")


def check_regime(times: Sequence[RegimeRow]) -> None:
    """At least one session; each locks after it unlocks; sessions of a day follow one another."""
    if not times:
        raise NotAllowed("Enter the times of at least one session.")
    order = list(Session.values)
    by_day: dict[int, list[RegimeRow]] = {}
    for row in times:
        weekday, session, unlock, lock = row
        if not 0 <= weekday <= 6 or session not in order:
            raise NotAllowed("Enter times for days from Monday to Sunday and for the sessions on the page.")
        if lock <= unlock:
            raise NotAllowed(f"{Session(session).label}: lock-up must be later than unlock.")
        by_day.setdefault(weekday, []).append(row)
    for rows in by_day.values():
        rows.sort(key=lambda row: order.index(row[1]))
        for earlier, later in pairwise(rows):
            if earlier[1] == later[1]:
                raise NotAllowed("Enter each session of a day once.")
            if later[2] < earlier[3]:
                raise NotAllowed(
                    f"{Session(later[1]).label} begins before {Session(earlier[1]).label.lower()} has ended. "
                    "Change one of the times."
                )


def missing_for_opening(scheme: Scheme, *, wings: int, sessions: int) -> list[str]:
    """What still has to be settled, each in words that finish "First settle …"."""
    missing = []
    if not wings:
        missing.append("which wings the scheme serves")
    if not sessions:
        missing.append("the regime times")
    if not (scheme.fall_day_who and scheme.fall_day_minutes and scheme.fall_night_who and scheme.fall_night_minutes):
        missing.append("who answers a fall by day and by night, and within how many minutes")
    return missing


def check_can_open_scheme(scheme: Scheme, *, wings: int, sessions: int) -> None:
    """A scheme opens once, and not before it knows where, when, and who comes when somebody has fallen."""
    check_transition(TRANSITIONS, scheme.status, Scheme.Status.OPEN, "This scheme has been opened before.")
    missing = missing_for_opening(scheme, wings=wings, sessions=sessions)
    if missing:
        raise NotAllowed(f"The scheme cannot open yet. First settle {_listed(missing)}.")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{'; '.join(words[:-1])}; and {words[-1]}"


can_open_scheme = twin(check_can_open_scheme)
can_change_scheme = twin(check_can_change_scheme)
