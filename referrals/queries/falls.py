"""Falls of a prison: those whose times are missing, and those after which somebody waited too long or nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least

from buddyscheme.accounts.models import Prison
from referrals.models import Concern, Fall
from schemes.queries.people import still_read
from schemes.queries.schemes import regime_on

MINUTE = timedelta(minutes=1)
# The moment by which somebody was to be there; the alarm itself where the scheme had settled nothing.
_LIMIT = ExpressionWrapper(Coalesce("limit_minutes", 0) * Value(MINUTE), output_field=DurationField())
DUE = ExpressionWrapper(F("alarm_at") + _LIMIT, output_field=DateTimeField())
LATE = Q(limit_minutes__isnull=False, came__gt=F("due"))


def _unrecorded(now: datetime) -> Q:
    """With that time over, neither staff nor healthcare are recorded as come."""
    return Q(staff_at__isnull=True, healthcare_at__isnull=True, due__lt=now)


@dataclass(frozen=True)
class Waits:
    """How many falls there were, and after how many help came late or nobody is recorded as come."""

    falls: int
    late: int
    nobody: int


def falls_of(prison: Prison) -> QuerySet[Any]:
    """Every fall of people whom this prison may still read, the newest first."""
    rows: QuerySet[Any] = still_read(Fall.objects.for_prison(prison))
    return rows.select_related("person", "recorded_by").order_by("-found_at", "-id")


def times_missing(prison: Prison) -> QuerySet[Any]:
    """Falls of which one of the five times is not known, the oldest first."""
    missing = Q(staff_at__isnull=True) | Q(up_at__isnull=True) | Q(healthcare_at__isnull=True, no_healthcare=False)
    return falls_of(prison).filter(missing).order_by("found_at", "id")


def waited_too_long(prison: Prison) -> QuerySet[Any]:
    """Falls after which help came later than the scheme's own time for that hour."""
    return _timed(prison).filter(LATE)


def nobody_came(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Falls of which, with that time over, neither staff nor healthcare are recorded as come."""
    return _timed(prison).filter(_unrecorded(now))


def to_look_into(prison: Prison, now: datetime) -> QuerySet[Any]:
    """Both of these, until the concern about the fall is closed."""
    open_ones = _timed(prison).exclude(concern__status=Concern.Status.CLOSED)
    return open_ones.filter(LATE | _unrecorded(now))


def waits_since(prison: Prison, since: datetime, now: datetime) -> Waits:
    """The waits of the falls from that moment on, against the scheme's own answer."""
    found = _timed(prison).filter(found_at__gte=since).order_by()
    return Waits(
        **found.aggregate(falls=Count("pk"), late=Count("pk", filter=LATE), nobody=Count("pk", filter=_unrecorded(now)))
    )


def _timed(prison: Prison) -> QuerySet[Any]:
    found: QuerySet[Any] = falls_of(prison).annotate(came=Least("staff_at", "healthcare_at"), due=DUE)
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
