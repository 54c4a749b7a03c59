"""What a buddy's status may become, and when. Dates come as facts; nothing here reads the database or the clock."""

from __future__ import annotations

from datetime import date, timedelta

from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import check_transition, twin
from schemes.models import Buddy, Interview

S = Buddy.Status

# Every status, with what it may become. From CHECKS a take-over goes on without an interview. From DECLINED an upheld
# appeal leads back to where the application stood.
TRANSITIONS: dict[str, set[str]] = {
    S.APPLIED: {S.CHECKS, S.DECLINED, S.WITHDRAWN},
    S.CHECKS: {S.INTERVIEW, S.IN_TRAINING, S.DECLINED, S.WITHDRAWN},
    S.INTERVIEW: {S.APPROVED, S.OFFERED, S.DECLINED, S.WITHDRAWN},
    S.APPROVED: {S.OFFERED, S.DECLINED, S.WITHDRAWN},
    S.OFFERED: {S.IN_TRAINING, S.DECLINED, S.WITHDRAWN},
    S.IN_TRAINING: {S.ACTIVE, S.DECLINED, S.WITHDRAWN},
    S.ACTIVE: {S.SUSPENDED, S.REMOVED, S.LEFT},
    S.SUSPENDED: {S.ACTIVE, S.REMOVED, S.LEFT},
    S.DECLINED: {S.APPLIED, S.CHECKS, S.INTERVIEW, S.APPROVED, S.OFFERED, S.IN_TRAINING},
    S.WITHDRAWN: set(),
    S.REMOVED: set(),
    S.LEFT: set(),
}
# Where a record begins, by where it came from.
FIRST_STATUS: dict[str, str] = {Buddy.Source.APPLICATION: S.APPLIED, Buddy.Source.TAKE_OVER: S.CHECKS}
BEFORE_START = frozenset({S.APPLIED, S.CHECKS, S.INTERVIEW, S.APPROVED, S.OFFERED, S.IN_TRAINING})
IN_ROLE = frozenset({S.ACTIVE, S.SUSPENDED})

# What each new status is called in "X cannot be … now".
VERBS: dict[str, str] = {
    S.APPLIED: "opened again",
    S.CHECKS: "sent for checks",
    S.INTERVIEW: "interviewed",
    S.APPROVED: "put in the approved pool",
    S.OFFERED: "offered the role",
    S.IN_TRAINING: "put in training",
    S.ACTIVE: "started as a buddy",
    S.SUSPENDED: "suspended",
    S.DECLINED: "declined",
    S.WITHDRAWN: "withdrawn",
    S.REMOVED: "removed",
    S.LEFT: "recorded as having left",
}
OLDEST = timedelta(days=2 * 366)


def check_can_become(buddy: Buddy, wanted: str, *, appeal_upheld: bool = False) -> None:
    """The transition table, in words. Only an upheld appeal leads out of a refusal."""
    refused = buddy.status == S.DECLINED and not appeal_upheld
    check_transition(
        {**TRANSITIONS, S.DECLINED: set()} if refused else TRANSITIONS,
        buddy.status,
        wanted,
        f"{buddy.person.full_name} cannot be {VERBS.get(wanted, 'changed')} now, because the record says "
        f"“{buddy.get_status_display()}”. Open the buddy’s page again to see what comes next.",
    )


can_become = twin(check_can_become)


def check_can_apply(
    *, held_here: bool, open_record: Buddy | None, applied_on: date, today: date, says_why: bool = True
) -> None:
    """A person held here, once at a time, on a day that can be, who says why."""
    if not held_here:
        raise NotAllowed(
            "This person is not held here now. Check the prison number, or add the person first.",
            field="prison_number",
        )
    if open_record is not None:
        raise NotAllowed(open_record_words(open_record), field="prison_number")
    check_day(applied_on, today, what="Date of the application", field="applied_on", earliest=today - OLDEST)
    if not says_why:
        raise NotAllowed("Enter why the person wants to be a buddy.", field="statement")


def open_record_words(open_record: Buddy) -> str:
    """Why nobody has two open records at one prison."""
    name = open_record.person.full_name
    if open_record.status in IN_ROLE:
        return f"{name} already is a buddy here ({open_record.reference}). Open that record instead."
    return (
        f"{name} already has an open application here ({open_record.reference}, "
        f"“{open_record.get_status_display()}”). Open that record instead."
    )


def check_day(day: date, today: date, *, what: str, field: str, earliest: date | None = None) -> None:
    """A day in the past that can be: not after today, not before `earliest`."""
    if day > today:
        raise NotAllowed(f"{what} must be today or in the past.", field=field)
    if earliest is not None and day < earliest:
        raise NotAllowed(f"{what} must be on or after {day_in_words(earliest)}.", field=field)


def check_reason(reason: str, *, of: str) -> None:
    """A step that takes something away says why."""
    if not reason.strip():
        raise NotAllowed(f"Enter the reason for {of}.", field="reason")


def check_can_record_interview(buddy: Buddy, *, held_on: date, panel: str, today: date) -> None:
    """Interviews come once every department has cleared the person."""
    if buddy.status == S.CHECKS:
        raise NotAllowed("Wait with the interview until every department has signed clearance.")
    if buddy.status != S.INTERVIEW:
        check_can_become(buddy, S.INTERVIEW)
    check_day(held_on, today, what="Date of the interview", field="held_on", earliest=buddy.applied_on)
    if not panel.strip():
        raise NotAllowed("Enter who held the interview.", field="panel")


def check_can_change_post(buddy: Buddy) -> None:
    """Only a record that is open has a post."""
    if buddy.status not in Buddy.OPEN:
        raise NotAllowed(f"The record of {buddy.person.full_name} is closed, so its post stays as it is.")


def check_can_approve(buddy: Buddy, *, interview: Interview | None) -> None:
    """Who was found suitable may wait for a place, without an offer."""
    check_can_become(buddy, S.APPROVED)
    _check_interview(interview)


def check_can_offer(buddy: Buddy, *, interview: Interview | None) -> None:
    """An offer needs an interview that ended well."""
    check_can_become(buddy, S.OFFERED)
    _check_interview(interview)


def _check_interview(interview: Interview | None) -> None:
    if interview is None:
        raise NotAllowed("Record the interview before you offer the role.")
    if interview.result != Interview.Result.SUITABLE:
        raise NotAllowed(
            "The last interview found the person not suitable. Decline the application, or interview again."
        )


COMPACT_FROM = frozenset({S.OFFERED, S.IN_TRAINING, S.ACTIVE, S.SUSPENDED})


def check_can_record_compact(buddy: Buddy, *, version: int, signed: set[int], signed_on: date, today: date) -> None:
    """Signed once a version, by somebody who has been offered the role or is being taken over."""
    name = buddy.person.full_name
    taking_over = buddy.source == Buddy.Source.TAKE_OVER and buddy.status == S.CHECKS
    if buddy.status not in COMPACT_FROM and not taking_over:
        raise NotAllowed(f"{name} signs the compact after the role has been offered. Record the offer first.")
    if version in signed:
        raise NotAllowed(f"{name} has already signed version {version} of the compact.")
    earliest = (
        (buddy.in_role_since or buddy.applied_on)
        if taking_over
        else min(buddy.applied_on, buddy.in_role_since or buddy.applied_on)
    )
    check_day(signed_on, today, what="Date of signing", field="signed_on", earliest=earliest)


def check_can_start(
    buddy: Buddy, *, cleared: bool, compact: bool, cleared_on: date | None, started_on: date, today: date
) -> None:
    """The part of the gate that is known here; training adds its own (`training.rules.appointments`)."""
    check_can_become(buddy, S.ACTIVE)
    if buddy.status != S.IN_TRAINING:
        raise NotAllowed(f"{buddy.person.full_name} is suspended. Reinstate instead.")
    if not cleared:
        raise NotAllowed(f"{buddy.person.full_name} cannot start without clearance in date by every department.")
    if not compact:
        raise NotAllowed(f"{buddy.person.full_name} cannot start before the compact is signed.")
    earliest = max(buddy.applied_on, cleared_on or buddy.applied_on)
    check_day(started_on, today, what="Date of starting", field="started_on", earliest=earliest)


def check_can_reinstate(buddy: Buddy, *, cleared: bool) -> None:
    """Back to the role only with clearance in date."""
    if buddy.status != S.SUSPENDED:
        raise NotAllowed(f"{buddy.person.full_name} is not suspended.")
    if not cleared:
        raise NotAllowed("Clearance is not in date. Ask the departments for clearance again before you reinstate.")
