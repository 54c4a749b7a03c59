"""A prison's cost returns, and what its records say about a quarter's costs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Quarter, parse_period
from monitoring.costs import Inputs, Part, default_hours
from monitoring.models import CostReturn, MonthClose, PayLine, PayPeriod, PriceIndex
from referrals.models import Visit, VisitLook
from referrals.queries.visits import newest_versions
from schemes.models import Clearance, Interview, ProtectedTime
from training.models import ClassSession, GroupMeeting, Supervision

RETURNED = (
    "lead_hours", "lead_rate_pence", "staff_hours", "staff_rate_pence", "training_pence", "contract_pence",
    "equipment_pence", "setup_pence", "setup_years", "council_percent", "health_percent", "grant_percent",
)  # fmt: skip
LASTING = (
    "lead_rate_pence", "staff_rate_pence", "setup_pence", "setup_years", "council_percent", "health_percent",
    "grant_percent",
)  # fmt: skip
"""What is the same next quarter unless somebody says otherwise."""


def newest_returns(prison: Prison | str, periods: Iterable[str] | None = None) -> dict[str, CostReturn]:
    """The newest version of each quarter, by its code, the newest quarter first."""
    rows: QuerySet[CostReturn] = CostReturn.objects.for_prison(prison)
    if periods is not None:
        rows = rows.filter(period__in=list(periods))
    newest = rows.select_related("saved_by").order_by("-period", "-version").distinct("period")
    return {row.period: row for row in newest}


def versions_of(prison: Prison, quarter: Quarter) -> list[CostReturn]:
    """Every version of one quarter, the newest first."""
    rows: QuerySet[CostReturn] = CostReturn.objects.for_prison(prison).filter(period=quarter.code)
    return list(rows.select_related("saved_by").order_by("-version"))


def quarter_is_closed(prison: Prison, quarter: Quarter) -> bool:
    """Whether the lead has signed off the quarter's last month."""
    return bool(MonthClose.objects.for_prison(prison).filter(month=quarter.months[-1].first).exists())


def inputs_of(prison: Prison | str, quarter: Quarter, returned: CostReturn | None) -> Inputs:
    """What is known of a quarter: what was returned, pay, and how often staff recorded."""
    said: dict[str, Any] = {name: getattr(returned, name) for name in RETURNED} if returned is not None else {}
    return Inputs(**said, pay_pence=pay_pence(prison, quarter)[0], recorded_by_staff=recorded_by_staff(prison, quarter))


def other_parts(prison: Prison | str, quarter: Quarter) -> list[dict[Part, int | None]]:
    """The returned parts of the prison's other quarters, for the range of a missing one."""
    others = newest_returns(prison)
    return [
        Inputs(**{name: getattr(row, name) for name in RETURNED}).parts()
        for code, row in others.items()
        if code != quarter.code
    ]


def pay_pence(prison: Prison | str, quarter: Quarter) -> tuple[int | None, str]:
    """Pay of the periods that end in the quarter, and in words what is missing of it.

    What the pay system recorded, and what was expected where nothing is recorded yet. None while a week of the
    quarter that is over stands in no period, or a buddy has no rate.
    """
    periods = PayPeriod.objects.for_prison(prison).filter(last_day__gte=quarter.first, last_day__lte=quarter.last)
    weeks = sum((last - first).days + 1 for first, last in periods.values_list("first_day", "last_day")) // 7
    lines = PayLine.objects.for_prison(prison).filter(period__in=periods.values("pk"))
    found = lines.aggregate(
        recorded=Sum("recorded_pence"),
        expected=Sum("expected_pence", filter=Q(recorded_pence__isnull=True)),
        unknown=Count("pk", filter=Q(recorded_pence__isnull=True, expected_pence__isnull=True)),
    )
    due = _sundays(quarter.first, quarter.last)
    if weeks < due:
        return None, f"{weeks} of {due} weeks have a pay period"
    if found["unknown"]:
        return None, "A buddy has no band or rate"
    return (found["recorded"] or 0) + (found["expected"] or 0), ""


def _sundays(first: date, last: date) -> int:
    first_sunday = first + timedelta(days=6 - first.weekday())
    return 0 if first_sunday > last else (last - first_sunday).days // 7 + 1


def recorded_by_staff(prison: Prison | str, quarter: Quarter) -> int:
    """Visits of the quarter that staff entered, and visits of others that they looked at."""
    visits = newest_versions(prison).filter(day__range=(quarter.first, quarter.last))
    looks = VisitLook.objects.filter(visit=OuterRef("pk"))
    return int(visits.filter(Q(source__in=("STAFF", "PAPER")) | Exists(looks)).count())


def counted(prison: Prison, quarter: Quarter) -> dict[str, int]:
    """How often staff did what the default times are for."""
    days = {"held_on__gte": quarter.first, "held_on__lte": quarter.last}
    one_to_ones = Supervision.objects.for_prison(prison).filter(kind="ONE_TO_ONE", outcome="HELD", **days)
    cleared = Clearance.objects.for_prison(prison).filter(decided_on__gte=quarter.first, decided_on__lte=quarter.last)
    visits = newest_versions(prison).filter(day__range=(quarter.first, quarter.last))
    return {
        "one_to_ones": one_to_ones.count(),
        "meetings": GroupMeeting.objects.for_prison(prison).filter(**days).count(),
        "interviews": Interview.objects.for_prison(prison).filter(**days).count(),
        "clearances": cleared.count(),
        "visits": visits.exclude(outcome=Visit.Outcome.NOT_DONE).count(),
        "classes": ClassSession.objects.for_prison(prison).filter(status=ClassSession.Status.HELD, **days).count(),
    }


def lead_hours(prison: Prison, quarter: Quarter) -> Decimal | None:
    """Protected time worked in weeks that begin in the quarter; None where none was entered."""
    weeks = ProtectedTime.objects.for_prison(prison).filter(week__gte=quarter.first, week__lte=quarter.last)
    hours: Decimal | None = weeks.aggregate(hours=Sum("worked"))["hours"]
    return hours


def suggested(prison: Prison, quarter: Quarter) -> dict[str, Any]:
    """What the form is filled with before anybody has returned this quarter."""
    last = next(iter(_before(prison, quarter)), None)
    found: dict[str, Any] = {name: getattr(last, name) for name in LASTING} if last is not None else {}
    return found | {
        "lead_hours": lead_hours(prison, quarter),
        "staff_hours": default_hours(counted(prison, quarter)),
    }


def _before(prison: Prison, quarter: Quarter) -> QuerySet[CostReturn]:
    rows: QuerySet[CostReturn] = CostReturn.objects.for_prison(prison).filter(first_day__lt=quarter.first)
    return rows.order_by("-first_day", "-version")


def index_by_year() -> dict[int, PriceIndex]:
    """The newest row of each financial year, by the calendar year in which it begins, the newest year first."""
    rows = PriceIndex.objects.select_related("entered_by").order_by("-begins", "-id").distinct("begins")
    return {row.begins: row for row in rows}


def quarters_with_returns(prison: Prison) -> list[Quarter]:
    """Quarters that have a return, the newest first."""
    codes = CostReturn.objects.for_prison(prison).order_by("-period").values_list("period", flat=True).distinct()
    return [period for code in codes if isinstance(period := parse_period(code), Quarter)]
