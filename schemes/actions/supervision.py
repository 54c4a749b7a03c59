"""How often a scheme supervises its buddies."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.errors import NotAllowed
from schemes.models import Scheme
from schemes.months import every_month_changed
from schemes.rules.schemes import check_can_change_scheme

MOST_MONTHS = 6


@transaction.atomic
def set_supervision(
    *, by: Actor, now: datetime, scheme: Scheme, months: int, group_counts: bool, version: int
) -> Scheme:
    """A one-to-one every so many months, and whether a group meeting stands in for one."""
    fresh: Scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check_can_change_scheme(fresh, version)
    if not 1 <= months <= MOST_MONTHS:
        raise NotAllowed(f"Enter months from 1 to {MOST_MONTHS}.", field="months")
    fresh.supervision_months, fresh.group_counts = months, group_counts
    fresh.version += 1
    fresh.save(update_fields=["supervision_months", "group_counts", "version"])
    every_month_changed(fresh.prison_id, now)
    record(
        Event.SCHEME_CHANGED, by=by, prison=fresh.prison_id, subject=fresh, step="supervision", months=months,
        group_counts=group_counts,
    )  # fmt: skip
    return fresh
