"""Which departments sign clearance at a scheme, and how long a clearance usually runs."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.departments import DEPARTMENTS
from buddyscheme.accounts.models import LocalDepartment
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import month_changed
from schemes.actions.buddy_steps import go_on_when_ready
from schemes.models import Buddy, Clearance, Scheme
from schemes.queries.buddies import locked
from schemes.rules import departments as rules
from schemes.rules.schemes import check_can_change_scheme

S = Buddy.Status
# Who has been asked for checks already, and so is asked by a new department at once.
CHECKED = (S.CHECKS, S.INTERVIEW, S.OFFERED, S.IN_TRAINING, S.ACTIVE, S.SUSPENDED)


@transaction.atomic
def add_department(
    *, by: Actor, now: datetime, scheme: Scheme, name: str, needed_from: date, version: int
) -> list[Clearance]:
    """Add a department, and ask it about everybody who is checked already. Returns what it was asked.

    Its answer counts for everybody from `needed_from`, so that nobody's visits stop before it had time to answer.
    """
    scheme = _locked(scheme, version)
    today = london_today(now)
    code = rules.check_can_add_department(name, held=scheme.departments, needed_from=needed_from, today=today)
    if code not in DEPARTMENTS:
        LocalDepartment.objects.create(prison_id=scheme.prison_id, name=code, added_at=now, added_by=by.user)
    scheme.departments = [*scheme.departments, code]
    scheme.departments_from = {**scheme.departments_from, code: needed_from.isoformat()}
    _saved(scheme, ["departments", "departments_from"])
    asked: list[Clearance] = Clearance.objects.bulk_create(
        Clearance(prison_id=scheme.prison_id, buddy=buddy, department=code, asked_at=now, asked_by=by.user)
        for buddy in _without_a_question(scheme, code)
    )
    record(
        Event.DEPARTMENT_ADDED,
        by=by,
        prison=scheme.prison_id,
        subject=scheme,
        department=code,
        needed_from=needed_from.isoformat(),
        asked=len(asked),
    )
    month_changed(scheme.prison_id, [today])
    return asked


@transaction.atomic
def end_department(*, by: Actor, now: datetime, scheme: Scheme, department: str, version: int) -> Scheme:
    """Take a department out. Its answers stay; whoever waited for nobody else goes on."""
    scheme = _locked(scheme, version)
    rules.check_can_end_department(department, held=scheme.departments)
    scheme.departments = [held for held in scheme.departments if held != department]
    scheme.departments_from = {code: day for code, day in scheme.departments_from.items() if code != department}
    _saved(scheme, ["departments", "departments_from"])
    own = LocalDepartment.objects.for_prison(scheme.prison_id).filter(name=department, ended_at__isnull=True)
    own.update(ended_at=now, ended_by=by.user)
    record(Event.DEPARTMENT_ENDED, by=by, prison=scheme.prison_id, subject=scheme, department=department)
    month_changed(scheme.prison_id, [london_today(now)])
    for buddy in Buddy.objects.filter(scheme=scheme, status=S.CHECKS).order_by("id"):
        go_on_when_ready(by=by, now=now, buddy=locked(buddy))
    return scheme


@transaction.atomic
def set_clearance_months(*, by: Actor, now: datetime, scheme: Scheme, months: int, version: int) -> Scheme:
    """How long a clearance usually runs here. Those that are signed keep their dates."""
    scheme = _locked(scheme, version)
    if not 1 <= months <= 60:
        raise NotAllowed("Enter months from 1 to 60.", field="months")
    scheme.clearance_months = months
    _saved(scheme, ["clearance_months"])
    record(Event.SCHEME_CHANGED, by=by, prison=scheme.prison_id, subject=scheme, step="clearance", months=months)
    return scheme


def _locked(scheme: Scheme, version: int) -> Scheme:
    fresh: Scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check_can_change_scheme(fresh, version)
    return fresh


def _saved(scheme: Scheme, fields: list[str]) -> None:
    scheme.version += 1
    scheme.save(update_fields=[*fields, "version"])


def _without_a_question(scheme: Scheme, department: str) -> list[Buddy]:
    waiting = Clearance.objects.filter(department=department, decision=Clearance.Decision.WAITING)
    rows = Buddy.objects.filter(scheme=scheme, status__in=CHECKED).exclude(pk__in=waiting.values("buddy_id"))
    return list(rows.order_by("id"))
