"""Who signs for which department, and when a signature counts."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from buddyscheme.accounts.departments import department_name
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.roles import ROLES
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.rules import twin
from schemes.models import Buddy, Clearance
from schemes.models.scheme import Department

# A role signs for its own department; a membership that names one signs for that one instead.
ROLE_DEPARTMENT: dict[str, str] = {
    "SECURITY": Department.SECURITY,
    "HEALTHCARE": Department.HEALTHCARE,
    "SAFEGUARDING": Department.SAFER_CUSTODY,
}
LONGEST = timedelta(days=5 * 366)
# How long before its end a clearance may be asked for again.
SOON = timedelta(days=28)


def departments_held(roles: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Departments that somebody signs for, from pairs of role and the department their membership names."""
    return frozenset(
        department or ROLE_DEPARTMENT[role]
        for role, department in roles
        if role in ROLES
        and Permission.CLEARANCE_SIGN in ROLES[role].permissions
        and (department or role in ROLE_DEPARTMENT)
    )


def check_can_sign(
    clearance: Clearance,
    *,
    buddy: Buddy,
    departments: frozenset[str],
    signer_id: int | None,
    recorded_by: int | None,
    referred_by: frozenset[int] = frozenset(),
) -> None:
    """In the department's own name, and never for somebody whom the signer referred or whose application they took."""
    if clearance.department not in departments:
        raise NotAllowed(f"Only {clearance.get_department_display()} may sign this clearance.")
    if signer_id is not None and signer_id == recorded_by:
        raise NotAllowed("You recorded this person’s application, so somebody else in your department has to sign.")
    if signer_id is not None and signer_id in referred_by:
        raise NotAllowed("You referred this person for help, so somebody else in your department has to sign.")
    check_still_needed(clearance, buddy)


can_sign = twin(check_can_sign)


def check_still_needed(clearance: Clearance, buddy: Buddy) -> None:
    """A signature after the decision changes nothing, so it is refused."""
    if buddy.status not in Buddy.OPEN:
        raise NotAllowed(f"This record is closed (“{buddy.get_status_display()}”), so no clearance is needed any more.")
    if clearance.decision != Clearance.Decision.WAITING:
        raise NotAllowed(
            f"{clearance.get_department_display()} has already answered "
            f"(“{clearance.get_decision_display()}”). Ask for clearance again if it has to be renewed."
        )


def check_has_no_account(department: str, signer: str) -> None:
    """Paper is for departments that have nobody with an account here."""
    if signer:
        raise NotAllowed(f"{signer} signs for {department_name(department)} here. Ask them to sign in their own name.")


def check_paper(kind: str, written_by: str) -> None:
    """A decision from outside says what it was written on, and who wrote it."""
    if kind not in Clearance.Paper.values:
        raise NotAllowed("Say whether it is an e-mail or paper.", field="written_by")
    if not written_by.strip():
        raise NotAllowed("Enter who wrote the e-mail or paper.", field="written_by")


def paper_kind(written_by: str) -> str:
    """An e-mail is known by the address that it came from; anything else is paper."""
    return Clearance.Paper.EMAIL if "@" in written_by else Clearance.Paper.PAPER


def usual_end(decided_on: date, months: int) -> date:
    """The day on which a clearance of so many months ends: the same day of that month, or its last day."""
    number = decided_on.year * 12 + decided_on.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(decided_on.day, monthrange(year, month + 1)[1]))


def check_decision(decision: str, *, decided_on: date, expires_on: date | None, today: date) -> None:
    """Dates that can be: decided by today, running out after the decision and after today, within five years."""
    if decision not in (Clearance.Decision.CLEARED, Clearance.Decision.REFUSED):
        raise NotAllowed("Select whether the person is cleared.", field="decision")
    if decided_on > today:
        raise NotAllowed("Date of the decision must be today or in the past.", field="decided_on")
    if decided_on < today - LONGEST:
        raise NotAllowed(
            f"Date of the decision must be on or after {day_in_words(today - LONGEST)}.", field="decided_on"
        )
    if decision == Clearance.Decision.REFUSED:
        return
    if expires_on is None:
        raise NotAllowed("Enter the date on which the clearance runs out.", field="expires_on")
    if expires_on <= decided_on:
        raise NotAllowed(
            f"The clearance must run out after the decision of {day_in_words(decided_on)}.", field="expires_on"
        )
    if expires_on <= today:
        raise NotAllowed("This clearance has already run out. Enter a date in the future.", field="expires_on")
    if expires_on > decided_on + LONGEST:
        raise NotAllowed("A clearance runs for five years at most. Check the year.", field="expires_on")
