"""Falls of a prison: those whose times are missing, and those after which somebody waited too long."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Least

from buddyscheme.accounts.models import Prison
from referrals.models import Concern, Fall
from schemes.queries.schemes import regime_on

MINUTE = timedelta(minutes=1)


def falls_of(prison: Prison) -> QuerySet[Any]:
    """Every fall, the newest first."""
    rows: QuerySet[Any] = Fall.objects.for_prison(prison)
    return rows.select_related("person", "recorded_by").order_by("-found_at", "-id")


def times_missing(prison: Prison) -> QuerySet[Any]:
    """Falls of which one of the five times is not known, the oldest first."""
    missing = Q(staff_at__isnull=True) | Q(up_at__isnull=True) | Q(healthcare_at__isnull=True, no_healthcare=False)
    return falls_of(prison).filter(missing).order_by("found_at", "id")


def waited_too_long(prison: Prison) -> QuerySet[Any]:
    """Falls after which nobody came within the scheme's own time for that hour."""
    came = Least("staff_at", "healthcare_at")
    limit = ExpressionWrapper(F("limit_minutes") * Value(MINUTE), output_field=DurationField())
    known = falls_of(prison).filter(limit_minutes__isnull=False).annotate(came=came)
    found: QuerySet[Any] = known.filter(came__gt=F("alarm_at") + limit)
    return found


def prisoner_lifted(prison: Prison) -> QuerySet[Any]:
    """Falls after which a buddy or another prisoner helped the person up."""
    return falls_of(prison).filter(helped_up=Fall.HelpedUp.PRISONER)


def fall_of_concern(concern: Concern) -> Fall | None:
    """The fall that the concern is about, once its times are recorded."""
    return Fall.objects.for_prison(concern.prison_id).filter(concern=concern).first()


def sessions_on(prison: Prison, day: date) -> list[tuple[time, time]]:
    """Unlock and lock-up of the sessions of that day, a bank holiday's where it is one."""
    return list(regime_on(prison, day).values())
