"""When an alert may be recorded or ended, and which meanings a prison may give a code."""

from __future__ import annotations

from datetime import date

from buddyscheme.lib.errors import NotAllowed, Stale
from schemes.models import Alert, AlertKind, Meaning


def counts_here(national: str, own: str) -> str:
    """What a code means at a prison: its own meaning where it has one, but never less than a national STOP."""
    return Meaning.STOP if national == Meaning.STOP else own or national


def check_can_record(kind: AlertKind, active_from: date, active_to: date | None, today: date) -> None:
    """A code of the list, from a day that has come."""
    if not kind.active:
        raise NotAllowed("This alert is no longer on the list. Select another one.", field="kind")
    if active_from > today:
        raise NotAllowed("An alert starts today or on an earlier day. Check the date.", field="active_from")
    if active_to is not None and active_to < active_from:
        raise NotAllowed("The last day is before the first. Check both dates.", field="active_to")


def check_not_there(open_already: Alert | None) -> None:
    """One person has an alert once at a time."""
    if open_already is not None:
        raise NotAllowed("This person has this alert already. End that one first if it is wrong.", field="kind")


def check_can_end(alert: Alert) -> None:
    """Only what has not ended."""
    if alert.ended_at is not None:
        raise NotAllowed("This alert has ended already.")


def check_meaning(as_buddy: str, as_helped: str, reason: str) -> None:
    """Two meanings of the list, and why."""
    for field, meaning in (("as_buddy", as_buddy), ("as_helped", as_helped)):
        if meaning not in Meaning.values:
            raise NotAllowed("Select what the alert means.", field=field)
    if not reason.strip():
        raise NotAllowed("Enter why the meaning changes.", field="reason")


def check_own_meaning(as_buddy: str, as_helped: str, reason: str) -> None:
    """The same at a prison, where an empty meaning is the national one."""
    check_meaning(as_buddy or Meaning.NONE, as_helped or Meaning.NONE, reason)


def check_not_looser(national_buddy: str, national_helped: str, as_buddy: str, as_helped: str) -> None:
    """What stops a match nationally stops it everywhere."""
    for field, national, own in (
        ("as_buddy", national_buddy, as_buddy),
        ("as_helped", national_helped, as_helped),
    ):
        if national == Meaning.STOP and own not in ("", Meaning.STOP):
            raise NotAllowed("The national list stops a match for this alert, so it stops one here too.", field=field)


def check_version(shown: int, held: int) -> None:
    """Nobody changed the meaning in between."""
    if shown != held:
        raise Stale("what this alert means")
