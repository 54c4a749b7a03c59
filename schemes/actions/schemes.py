"""Setting a scheme up and opening it. Each step is one action with the version it was read at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User, Wing
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.outbox.publish import publish
from schemes.models import RegimeTime, Scheme, SchemeTask, SchemeWing, TaskKind
from schemes.months import every_month_changed
from schemes.queries.staff import people_who_may_stand_in
from schemes.rules import schemes as rules

# Upper apps bring visits in line.
RESTRICTED_CHANGED = "scheme.restricted_changed"


@transaction.atomic
def start_scheme(*, by: Actor, now: datetime, prison: Prison, lead: User) -> Scheme:
    """Begin to set up the prison's scheme. Refused when there is one."""
    Prison.objects.select_for_update().get(pk=prison.pk)
    if Scheme.objects.for_prison(prison).exists():
        raise NotAllowed("This prison has a scheme already.")
    scheme: Scheme = Scheme.objects.create(prison=prison, lead=lead)
    record(Event.SCHEME_STARTED, by=by, prison=prison.code, subject=scheme, lead=lead.pk)
    return scheme


@transaction.atomic
def set_wings(*, by: Actor, now: datetime, scheme: Scheme, wings: Sequence[Wing], version: int) -> Scheme:
    """Say which wings the scheme serves; the others of the prison are no longer served."""
    scheme = _locked(scheme, version)
    rules.check_can_serve(scheme, wings)
    chosen = {wing.pk for wing in wings}
    known = {row.wing_id: row for row in scheme.wings.all()}
    for wing_id, row in known.items():
        if row.served != (wing_id in chosen):
            row.served = not row.served
            row.save(update_fields=["served"])
    SchemeWing.objects.bulk_create(
        SchemeWing(prison_id=scheme.prison_id, scheme=scheme, wing_id=pk) for pk in sorted(chosen - known.keys())
    )
    every_month_changed(scheme.prison_id, now)
    return _changed(scheme, [], by=by, step="wings", wings=sorted(chosen))


@transaction.atomic
def set_people(
    *, by: Actor, now: datetime, scheme: Scheme, deputy: User | None, leave_cover: str, version: int
) -> Scheme:
    """Name the deputy, who must hold that role here, and who covers when both are on leave."""
    scheme = _locked(scheme, version)
    allowed = people_who_may_stand_in(scheme.prison, london_today(now))
    if deputy is not None and not allowed.filter(pk=deputy.pk).exists():
        raise NotAllowed(
            "Select somebody who holds the role of deputy lead at this prison. An administrator gives the role.",
            field="deputy",
        )
    scheme.deputy = deputy
    scheme.leave_cover = leave_cover.strip()
    return _changed(
        scheme, ["deputy", "leave_cover"], by=by, step="people", deputy=deputy.pk if deputy is not None else None
    )


@transaction.atomic
def set_falls(
    *,
    by: Actor,
    now: datetime,
    scheme: Scheme,
    day_who: str,
    day_minutes: int,
    night_who: str,
    night_minutes: int,
    version: int,
) -> Scheme:
    """Say who answers a fall by day and by night, and within how many minutes."""
    scheme = _locked(scheme, version)
    if not (day_who.strip() and night_who.strip()):
        raise NotAllowed("Enter who comes to a person who has fallen, by day and by night.")
    if not (0 < day_minutes <= 240 and 0 < night_minutes <= 240):
        raise NotAllowed("Enter minutes from 1 to 240.")
    scheme.fall_day_who, scheme.fall_day_minutes = day_who.strip(), day_minutes
    scheme.fall_night_who, scheme.fall_night_minutes = night_who.strip(), night_minutes
    fields = ["fall_day_who", "fall_day_minutes", "fall_night_who", "fall_night_minutes"]
    return _changed(scheme, fields, by=by, step="falls", day_minutes=day_minutes, night_minutes=night_minutes)


@transaction.atomic
def set_appeal_route(*, by: Actor, now: datetime, scheme: Scheme, route: str, route_cy: str, version: int) -> Scheme:
    """Say how a refused applicant appeals, in English and Welsh. Empty: the usual words stand."""
    scheme = _locked(scheme, version)
    scheme.appeal_route, scheme.appeal_route_cy = route.strip(), route_cy.strip()
    return _changed(scheme, ["appeal_route", "appeal_route_cy"], by=by, step="appeals")


@transaction.atomic
def set_tasks(*, by: Actor, now: datetime, scheme: Scheme, allowed: set[str], version: int) -> Scheme:
    """Say which permitted tasks the scheme allows, by code; the other permitted ones are stopped."""
    scheme = _locked(scheme, version)
    catalogue = {task.code: task for task in TaskKind.objects.all()}
    if allowed - catalogue.keys():
        raise NotAllowed("Select tasks from the list.", field="tasks")
    rules.check_can_allow(catalogue[code] for code in sorted(allowed))
    said = {row.task_id: row for row in scheme.tasks.all()}
    for code, task in catalogue.items():
        if task.kind == TaskKind.Kind.PERMITTED:
            _say(scheme, said.get(code), task, code in allowed, by)
    return _changed(scheme, [], by=by, step="tasks", allowed=len(allowed))


@transaction.atomic
def set_restricted(
    *, by: Actor, now: datetime, scheme: Scheme, task: TaskKind, until: date, allowed: bool
) -> SchemeTask:
    """Switch one restricted task on until its last day, or off at once. Who may do that is decided above."""
    rules.check_is_restricted(task)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    row, _ = SchemeTask.objects.update_or_create(
        scheme=scheme,
        task=task,
        defaults={"allowed": allowed, "until": until},
        create_defaults={"prison_id": scheme.prison_id, "allowed": allowed, "until": until},
    )
    event = Event.TASK_ALLOWED if allowed else Event.TASK_STOPPED
    record(event, by=by, prison=scheme.prison_id, subject=scheme, task=task.code, until=str(until))
    publish(RESTRICTED_CHANGED, prison=scheme.prison_id, key=f"task:{scheme.prison_id}:{task.code}", task=task.code)
    return row


@transaction.atomic
def set_regime(
    *,
    by: Actor,
    now: datetime,
    prison: Prison,
    times: Sequence[tuple[int, str, time, time]],
    version: int | None = None,
) -> None:
    """Replace the prison's regime: rows of weekday (0 is Monday), session, unlock and lock-up.

    `version` is the scheme's, when the times come from its page.
    """
    rules.check_regime(times)
    Prison.objects.select_for_update().get(pk=prison.pk)
    scheme: Scheme | None = Scheme.objects.for_prison(prison).first()
    if scheme is not None:
        scheme = _locked(scheme, scheme.version if version is None else version)
    wanted = {(weekday, session): (unlock, lock) for weekday, session, unlock, lock in times}
    for row in RegimeTime.objects.for_prison(prison).select_for_update():
        found = wanted.pop((row.weekday, row.session), None)
        if found is None:
            row.delete()
        elif (row.unlock_at, row.lock_at) != found:
            row.unlock_at, row.lock_at = found
            row.save(update_fields=["unlock_at", "lock_at"])
    RegimeTime.objects.bulk_create(
        RegimeTime(prison=prison, weekday=weekday, session=session, unlock_at=unlock, lock_at=lock)
        for (weekday, session), (unlock, lock) in wanted.items()
    )
    every_month_changed(prison.code, now)
    as_words = [f"{weekday} {session} {unlock:%H:%M} {lock:%H:%M}" for weekday, session, unlock, lock in times]
    if scheme is None:
        record(Event.SCHEME_CHANGED, by=by, prison=prison.code, subject=prison, step="regime", times=as_words)
    else:
        _changed(scheme, [], by=by, step="regime", times=as_words)


@transaction.atomic
def open_scheme(*, by: Actor, now: datetime, scheme: Scheme, version: int) -> Scheme:
    """Open the scheme: from now on people can be referred."""
    scheme = _locked(scheme, version)
    rules.check_can_open_scheme(
        scheme,
        wings=scheme.wings.filter(served=True, wing__closed=False).count(),
        sessions=RegimeTime.objects.for_prison(scheme.prison_id).count(),
    )
    scheme.status = Scheme.Status.OPEN
    scheme.opened_at, scheme.opened_by = now, by.user
    scheme.version += 1
    scheme.save(update_fields=["status", "opened_at", "opened_by", "version"])
    record(Event.SCHEME_OPENED, by=by, prison=scheme.prison_id, subject=scheme)
    every_month_changed(scheme.prison_id, now)
    return scheme


def _locked(scheme: Scheme, version: int) -> Scheme:
    """The row as it is now, locked, if nobody saved since `version`."""
    fresh: Scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    rules.check_can_change_scheme(fresh, version)
    return fresh


def _changed(scheme: Scheme, fields: list[str], *, by: Actor, **details: Any) -> Scheme:
    scheme.version += 1
    scheme.save(update_fields=[*fields, "version"])
    record(Event.SCHEME_CHANGED, by=by, prison=scheme.prison_id, subject=scheme, **details)
    return scheme


def _say(scheme: Scheme, row: SchemeTask | None, task: TaskKind, allow: bool, by: Actor) -> None:
    """Keep one task's answer, and leave an event where it differs from before (permitted means allowed)."""
    if allow == (row is None or row.allowed):
        return
    if row is None:
        SchemeTask.objects.create(prison_id=scheme.prison_id, scheme=scheme, task=task, allowed=allow)
    else:
        row.allowed = allow
        row.save(update_fields=["allowed"])
    event = Event.TASK_ALLOWED if allow else Event.TASK_STOPPED
    record(event, by=by, prison=scheme.prison_id, subject=scheme, task=task.code)
