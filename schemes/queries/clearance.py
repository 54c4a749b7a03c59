"""Clearance: what waits for a department, who signs for it, and what it said before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from buddyscheme.accounts.models import Membership, Prison, User
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.roles import ROLES
from schemes.models import Buddy, Clearance, Referrer
from schemes.rules.clearance import ROLE_DEPARTMENT, SOON, departments_held

SIGNING_ROLES = tuple(code for code, role in ROLES.items() if Permission.CLEARANCE_SIGN in role.permissions)


def waiting_for(prison: Prison, departments: Iterable[str]) -> QuerySet[Clearance]:
    """Clearances that these departments have yet to sign, oldest first. Closed records wait for nobody."""
    rows: QuerySet[Clearance] = Clearance.objects.for_prison(prison)
    return (
        rows.filter(decision=Clearance.Decision.WAITING, department__in=set(departments), buddy__status__in=Buddy.OPEN)
        .select_related("buddy__person", "asked_by")
        .order_by("asked_at", "id")
    )


def departments_of(user: User, prison: Prison, today: date) -> frozenset[str]:
    """Departments that this person signs for at this prison today."""
    held = Membership.objects.current(today).filter(user=user, prison=prison)
    return departments_held(held.values_list("role", "department"))


def departments_in(memberships: Iterable[Membership], prison: Prison) -> frozenset[str]:
    """The same from memberships that are known already."""
    return departments_held([(held.role, held.department) for held in memberships if held.prison_id == prison.pk])


def signer_for(department: str, prison: Prison, today: date) -> User | None:
    """Somebody with an account who signs for the department here today, or None."""
    own_roles = [role for role, own in ROLE_DEPARTMENT.items() if own == department]
    named = Q(role__in=SIGNING_ROLES, department=department) | Q(role__in=own_roles, department="")
    held = Membership.objects.current(today).filter(named, prison=prison, user__is_active=True)
    first = held.select_related("user").order_by("id").first()
    return first.user if first else None


def signers_here(prison: Prison, today: date) -> dict[str, str]:
    """For each department that somebody with an account signs for here today: the name of the first."""
    held = Membership.objects.current(today).filter(prison=prison, user__is_active=True, role__in=SIGNING_ROLES)
    found: dict[str, str] = {}
    for role, department, name in held.order_by("id").values_list("role", "department", "user__name"):
        for code in departments_held([(role, department)]):
            found.setdefault(code, name)
    return found


def answers_of(buddy: Buddy) -> QuerySet[Clearance]:
    """Every clearance of the buddy, newest first, without the departments' notes."""
    rows: QuerySet[Clearance] = buddy.clearances.defer("note")
    return rows.select_related("signed_by", "asked_by").order_by("department", "-asked_at", "-id")


def notes_of(buddy: Buddy, departments: frozenset[str]) -> QuerySet[Clearance]:
    """Signed clearances of these departments only, with their notes, newest first."""
    rows: QuerySet[Clearance] = buddy.clearances.filter(department__in=departments)
    signed = rows.exclude(decision=Clearance.Decision.WAITING)
    return signed.select_related("signed_by").order_by("-signed_at", "-id")


def referred_by(buddy: Buddy) -> frozenset[int]:
    """Ids of staff who referred this person for help here."""
    rows = Referrer.objects.for_prison(buddy.prison_id).filter(person=buddy.person_id)
    return frozenset(rows.values_list("user_id", flat=True))


def departments_to_ask(buddy: Buddy, today: date, answers: Iterable[Clearance] | None = None) -> list[str]:
    """Departments of the scheme whose newest answer is no clearance, or ends within 28 days, and which nobody asked.

    `answers` are all of the buddy's, if they are known already.
    """
    rows = buddy.clearances.defer("note") if answers is None else answers
    newest = {row.department: row for row in sorted(rows, key=lambda row: (row.asked_at, row.pk))}
    return [d for d in buddy.scheme.departments if d not in newest or _has_to_be_renewed(newest[d], today)]


def _has_to_be_renewed(clearance: Clearance, today: date) -> bool:
    if clearance.decision == Clearance.Decision.WAITING:
        return False
    return clearance.expires_on is None or clearance.expires_on <= today + SOON


def paper_departments(buddy: Buddy, clearances: Iterable[Clearance], today: date) -> list[str]:
    """Departments that wait and have nobody with an account here: the lead enters their answers from paper."""
    waiting = [c.department for c in clearances if c.decision == Clearance.Decision.WAITING]
    if not waiting or buddy.status not in Buddy.OPEN:
        return []
    held = Membership.objects.current(today).filter(prison=buddy.prison_id, user__is_active=True)
    signed_for = departments_held(held.filter(role__in=SIGNING_ROLES).values_list("role", "department"))
    return [department for department in waiting if department not in signed_for]
