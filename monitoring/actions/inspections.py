"""Opening and ending an inspection on site."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.models import Inspection
from monitoring.queries.inspections import inspectors, overlaps
from monitoring.rules.inspections import check_can_end, check_can_open


@transaction.atomic
def open_inspection(
    *, by: Actor, now: datetime, prison: Prison, inspector: User, reference: str, first_on: date, last_on: date
) -> Inspection:
    """Let one inspector see one prison's exact figures for some days. The prison sees that it is open."""
    today = london_today(now)
    with scoped(DatabaseRole.NATIONAL):
        one_at_a_time(f"inspection:{prison.code}")
        check_can_open(
            reference=reference,
            is_inspector=inspectors(today).filter(pk=inspector.pk).exists(),
            first_on=first_on,
            last_on=last_on,
            today=today,
            overlapping=overlaps(prison, inspector, first_on, last_on),
        )
        row: Inspection = Inspection.objects.create(
            prison=prison,
            reference=reference.strip(),
            inspector=inspector,
            first_on=first_on,
            last_on=last_on,
            opened_at=now,
            opened_by=by.user,
        )
        record(
            Event.INSPECTION_OPENED, by=by, prison=prison.code, subject=row, inspector=inspector.pk,
            first=str(first_on), last=str(last_on),
        )  # fmt: skip
    return row


@transaction.atomic
def end_inspection(*, by: Actor, now: datetime, inspection: Inspection) -> Inspection:
    """Close it before its last day is over."""
    with scoped(DatabaseRole.NATIONAL):
        row: Inspection = Inspection.objects.select_for_update().get(pk=inspection.pk)
        check_can_end(last_on=row.last_on, ended_at=row.ended_at, today=london_today(now))
        row.ended_at, row.ended_by = now, by.user
        row.save(update_fields=["ended_at", "ended_by"])
        record(Event.INSPECTION_ENDED, by=by, prison=row.prison_id, subject=row)
    return row
