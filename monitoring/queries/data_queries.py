"""Queries about figures: what the rules look at, and what was raised, answered and closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import Month, Quarter, month_of, parse_period, quarter_of
from buddyscheme.scope.transaction import DatabaseRole, scoped
from monitoring.contradictions import CONTRADICTIONS, LIMITED, Costs, Picture, Said
from monitoring.models import DataQuery, DataQueryStep, Figure, Population
from monitoring.queries.costs import newest_returns
from monitoring.queries.figures import opened_on
from schemes.models import Scheme

EARLIER = 23


def picture_of(prison: Prison, period: Month | Quarter, today: date) -> Picture | None:
    """What the rules look at; None where the scheme was not open or the period lies ahead."""
    opened = opened_on(prison)
    if opened is None or opened > period.last or period.first > today:
        return None
    before = period.previous()
    rows: QuerySet[Figure] = Figure.objects.for_prison(prison).filter(
        period__in=[period.code, before.code], breakdown=""
    )
    said: dict[str, dict[str, Said]] = defaultdict(dict)
    for row in rows:
        said[row.period][row.measure] = Said(row.state, row.value, row.numerator, row.denominator)
    costs, counted = None, True
    if isinstance(period, Quarter):
        costs = _costs(prison, period)
        counted = Population.objects.for_prison(prison).filter(month__gte=period.first, month__lte=period.last).exists()
    return Picture(
        period=period,
        over=period.last < today,
        figures=said[period.code],
        before=said[before.code] if opened <= before.first else {},
        earlier=_earlier(prison, period) if isinstance(period, Month) else {},
        costs=costs,
        has_population=counted,
        weekly_minutes=Scheme.objects.for_prison(prison).values_list("weekly_minutes", flat=True).first() or 0,
    )


def _costs(prison: Prison, quarter: Quarter) -> Costs | None:
    row = newest_returns(prison, [quarter.code]).get(quarter.code)
    if row is None:
        return None
    return Costs(row.lead_hours, row.lead_rate_pence, row.staff_hours, row.staff_rate_pence)


def _earlier(prison: Prison, month: Month) -> dict[str, list[float]]:
    codes = []
    for _ in range(EARLIER):
        month = month.previous()
        codes.append(month.code)
    rows = (
        Figure.objects.for_prison(prison)
        .filter(period__in=codes, measure__in=LIMITED, breakdown="", value__isnull=False)
        .order_by("first_day")
        .values_list("measure", "value")
    )
    found: dict[str, list[float]] = defaultdict(list)
    for measure, value in rows:
        found[measure].append(float(value or 0))
    return found


# --- which periods are looked at -----------------------------------------------------------------


def periods_to_look_at(prison: Prison, today: date) -> list[Month | Quarter]:
    """The last full month and quarter, and those with something open."""
    found: dict[str, Month | Quarter] = {}
    for period in (month_of(today).previous(), quarter_of(today).previous(), *_open(prison.pk)):
        found[period.code] = period
    return list(found.values())


def open_periods(prison_code: str, month: Month) -> list[Month | Quarter]:
    """Periods with something open that a change of this month can reach."""
    reached = {month.code, month.previous().code, month.quarter.code, month.previous().quarter.code}
    return [period for period in _open(prison_code) if period.code in reached]


def _open(prison_code: str) -> list[Month | Quarter]:
    codes = (
        DataQuery.objects.for_prison(prison_code)
        .filter(closed_at__isnull=True)
        .exclude(rule="ASKED")
        .order_by("period")
        .values_list("period", flat=True)
        .distinct()
    )
    return [period for code in codes if isinstance(period := parse_period(code), Month | Quarter)]


# --- what was raised -----------------------------------------------------------------------------


def queries_of(prison: Prison) -> QuerySet[Any]:
    """Every query of a prison with `answered`, the newest period first."""
    answers = DataQueryStep.objects.for_prison(prison).filter(query=OuterRef("pk"), kind=DataQueryStep.Kind.ANSWERED)
    rows: QuerySet[Any] = DataQuery.objects.for_prison(prison).select_related("asked_by", "settled_by")
    dated: QuerySet[Any] = rows.annotate(answered=Exists(answers)).order_by("-first_day", "-raised_at", "-id")
    return dated


def still_open(prison: Prison) -> QuerySet[Any]:
    """Those that are not closed."""
    rows: QuerySet[Any] = queries_of(prison).filter(closed_at__isnull=True)
    return rows


def to_answer(prison: Prison) -> QuerySet[Any]:
    """Open, and nobody has answered."""
    rows: QuerySet[Any] = still_open(prison).filter(answered=False)
    return rows


def closed(prison: Prison) -> QuerySet[Any]:
    """Mended, explained, or no longer so."""
    rows: QuerySet[Any] = queries_of(prison).filter(closed_at__isnull=False)
    return rows


def unanswered_contradictions(prison: Prison, periods: Iterable[Month | Quarter]) -> list[DataQuery]:
    """What has to be answered before the quarter of these periods is signed, the oldest first."""
    rows = to_answer(prison).filter(rule__in=CONTRADICTIONS, period__in=[period.code for period in periods])
    return list(rows.order_by("first_day", "id"))


def steps_of(query: DataQuery) -> list[DataQueryStep]:
    """What happened to it, the newest first."""
    rows = DataQueryStep.objects.for_prison(query.prison_id).filter(query=query)
    return list(rows.select_related("by").order_by("-at", "-id"))


def beside_figures(prison: Prison, periods: Iterable[str]) -> dict[tuple[str, str], list[DataQuery]]:
    """Queries by (measure, period), with their answers in `said`, the newest answer first. Two questions."""
    answers = DataQueryStep.objects.for_prison(prison).filter(kind=DataQueryStep.Kind.ANSWERED).order_by("-at", "-id")
    rows = queries_of(prison).filter(period__in=list(periods)).exclude(measure="")
    found: dict[tuple[str, str], list[DataQuery]] = defaultdict(list)
    for row in rows.prefetch_related(Prefetch("steps", queryset=answers, to_attr="said")):
        found[row.measure, row.period].append(row)
    return found


@dataclass(frozen=True)
class PrisonQueries:
    """How many queries of one prison are open, and since when the oldest is."""

    prison: Prison
    open: int
    unanswered: int
    oldest: datetime | None


def queries_by_prison() -> list[PrisonQueries]:
    """Counts of every switched-on prison, by name. Run on behalf of a national role: no words, no answers."""
    with scoped(DatabaseRole.NATIONAL):
        prisons = list(Prison.objects.filter(switched_on=True).order_by("name", "code"))
        answers = DataQueryStep.objects.filter(query=OuterRef("pk"), kind=DataQueryStep.Kind.ANSWERED)
        counted = (
            DataQuery.objects.filter(closed_at__isnull=True)
            .annotate(answered=Exists(answers))
            .order_by()
            .values("prison_id")
            .annotate(open=Count("pk"), unanswered=Count("pk", filter=Q(answered=False)), oldest=Min("raised_at"))
        )
        by_code = {row["prison_id"]: row for row in counted}
    return [
        PrisonQueries(prison, row["open"], row["unanswered"], row["oldest"])
        if (row := by_code.get(prison.pk))
        else PrisonQueries(prison, 0, 0, None)
        for prison in prisons
    ]
