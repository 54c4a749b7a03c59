"""Entering hours planned and worked for the scheme, a week at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.accounts.models import Prison, User
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record_many
from buddyscheme.lib.dates import london_today
from buddyscheme.outbox.publish import month_changed
from schemes.models import ProtectedTime
from schemes.queries.protected_time import people_in
from schemes.rules import protected_time as rules

# Who, planned hours, worked hours if they are known.
Hours = tuple[User, Decimal, Decimal | None]


@transaction.atomic
def enter_week(*, by: Actor, now: datetime, prison: Prison, monday: date, hours: Sequence[Hours]) -> int:
    """Keep what is given for the week from `monday`; answers how many people's hours changed."""
    today = london_today(now)
    Prison.objects.select_for_update(no_key=True).get(pk=prison.pk)
    rules.check_can_enter(monday, worked=any(worked is not None for _, _, worked in hours), today=today)
    rules.check_people([user.pk for user, _, _ in hours], [each.user.pk for each in people_in(prison, monday, today)])
    known = {row.user_id: row for row in ProtectedTime.objects.for_prison(prison).filter(week=monday)}
    changed = 0
    for user, planned, worked in hours:
        rules.check_hours(user.name, planned, worked)
        row = known.get(user.pk) or ProtectedTime(prison=prison, user=user, week=monday)
        if row.pk is not None and (row.planned, row.worked) == (planned, worked):
            continue
        row.planned, row.worked, row.entered_at, row.entered_by = planned, worked, now, by.user
        fields = None if row.pk is None else ["planned", "worked", "entered_at", "entered_by"]
        row.save(update_fields=fields)
        changed += 1
    record_many(
        Event.PROTECTED_TIME_ENTERED, by=by, prison=prison.code, subject=prison, week=monday.isoformat(),
        people=len(hours), changed=changed,
    )  # fmt: skip
    month_changed(prison.code, [monday])
    return changed
