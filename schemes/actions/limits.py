"""After how many days the council and healthcare are late, as the scheme sets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from buddyscheme.accounts.actor import Actor
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from schemes.models import Scheme
from schemes.models.scheme import LIMITS
from schemes.rules.limits import check_limits
from schemes.rules.schemes import check_can_change_scheme


@transaction.atomic
def set_limits(*, by: Actor, now: datetime, scheme: Scheme, limits: Mapping[str, int], version: int) -> Scheme:
    """Set all limits, in days. They count at once, also for requests that wait already."""
    fresh: Scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check_can_change_scheme(fresh, version)
    check_limits(limits)
    for name in LIMITS:
        setattr(fresh, name, limits[name])
    fresh.version += 1
    fresh.save(update_fields=[*LIMITS, "version"])
    record(Event.SCHEME_CHANGED, by=by, prison=fresh.prison_id, subject=fresh, step="limits", **limits)
    return fresh
