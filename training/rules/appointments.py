"""The gate between training and the role: what is still missing, in words."""

from __future__ import annotations

from collections.abc import Sequence

from buddyscheme.accounts.departments import department_name
from buddyscheme.lib.errors import NotAllowed
from schemes.models import Buddy
from schemes.queries.buddies import IN_DATE, LAPSED, BuddyStanding

NAMED = 3


def missing_for_start(
    buddy: Buddy, *, stands: BuddyStanding, modules_missing: Sequence[str], core: int, approval_waits: bool
) -> list[str]:
    """Everything that keeps the buddy from starting, each as the end of "Still needed: …". Empty when nothing does.

    `modules_missing` are titles of mandatory modules without a result in date; `core` is how many modules are
    mandatory. An approved take-over that still runs covers compact and modules, never clearance.
    """
    missing = [_department(department, state) for department, state in stands.departments.items() if state != IN_DATE]
    if not stands.departments:
        missing.append("departments that sign clearance (the scheme names none)")
    if approval_waits:
        missing.append("approval of the take-over by the governor’s delegate")
    if not stands.compact_holds:
        lapsed = stands.compact == LAPSED
        missing.append("a new signature of the compact (its text has changed)" if lapsed else "the signed compact")
    if not stands.modules_waived:
        if not core:
            missing.append("a list of mandatory modules (none has been loaded)")
        elif modules_missing:
            missing.append(modules_in_words(modules_missing))
    return missing


def _department(department: str, state: str) -> str:
    name = department_name(department)
    return f"a renewed clearance by {name}" if state == LAPSED else f"clearance by {name}"


def modules_in_words(titles: Sequence[str]) -> str:
    """How many modules, with the first few by title."""
    named = "; ".join(titles[:NAMED])
    more = f"; and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    return f"{len(titles)} {'module' if len(titles) == 1 else 'modules'} ({named}{more})"


def check_can_appoint(buddy: Buddy, *, missing: Sequence[str]) -> None:
    """Nothing may be missing."""
    name = buddy.person.full_name
    if buddy.status in (Buddy.Status.ACTIVE, Buddy.Status.SUSPENDED):
        raise NotAllowed(f"{name} already is a buddy here.")
    if buddy.status not in Buddy.OPEN:
        raise NotAllowed(f"{name} cannot start: the record is closed (“{buddy.get_status_display()}”).")
    if missing:
        raise NotAllowed(f"{name} cannot start yet. Still needed: {', '.join(missing)}.")
    if buddy.status != Buddy.Status.IN_TRAINING:
        raise NotAllowed(f"{name} cannot start yet: the record says “{buddy.get_status_display()}”.")
