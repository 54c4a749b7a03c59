"""Computing a prison's figures for a month, or for any run of days, from its rows.

Figures are never added up from other figures: a quarter is computed from the same rows as its months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from buddyscheme.lib.dates import Month, Quarter, Year, london_moment, london_today
from monitoring.measures.catalogue import MEASURES
from monitoring.measures.definition import Kind, Measure, Needs, Parts, Span
from monitoring.measures.visits import newest_visits, planned_at_start
from monitoring.models import Figure, MonthClose
from monitoring.models.figure import FigureState
from referrals.models import Referral, VisitLook
from schemes.models import BuddyStep, Scheme

Period = Month | Quarter | Year
EXACT = Decimal("0.00000001")
FOUR = Decimal("0.0001")


@dataclass(frozen=True)
class Quality:
    """What a reader needs to judge the figures of a span, in counts.

    `visits_returned` and `anything_returned` tell silence from nought. `planned` is what the plans held when each
    day began and `recorded` how many of these have a record; `sources` says where the visits' entries came from.
    """

    visits_returned: bool = False
    anything_returned: bool = False
    planned: int = 0
    recorded: int = 0
    visits: int = 0
    looked_at_visits: int = 0
    late_visits: int = 0
    sources: dict[str, int] = field(default_factory=dict)

    @property
    def completeness(self) -> Decimal | None:
        """Share of planned visits with a record; None where nothing was planned."""
        return _share(self.recorded, self.planned)

    @property
    def looked_at(self) -> Decimal | None:
        """Share of visits that staff looked at; None where there are none."""
        return _share(self.looked_at_visits, self.visits)


@dataclass(frozen=True)
class Computed:
    """One figure before it is stored or protected."""

    measure: Measure
    state: FigureState
    value: Decimal | None
    parts: Parts | None
    quality: Quality


def span_of(prison_code: str, period: Period, *, now: datetime) -> Span | None:
    """The days of a period that have begun, or None when it lies ahead."""
    today = london_today(now)
    if period.first > today:
        return None
    return Span(prison_code, period.first, min(period.last, today), min(period.ends_at, now))


def compute(prison_code: str, period: Period, *, now: datetime) -> list[Computed]:
    """Every measure of one prison for one period, from its rows. Run in a scope that sees the prison."""
    span = span_of(prison_code, period, now=now)
    scheme = Scheme.objects.for_prison(prison_code).first()
    if span is None or scheme is None or scheme.opened_at is None or scheme.opened_at >= period.ends_at:
        nothing = Quality()
        return [Computed(measure, FigureState.NOT_YET_DUE, None, None, nothing) for measure in MEASURES]
    quality = _quality(span, period)
    return [_one(measure, span, quality) for measure in MEASURES]


def _one(measure: Measure, span: Span, quality: Quality) -> Computed:
    returned = quality.visits_returned if measure.needs is Needs.VISITS else quality.anything_returned
    if not returned:
        return Computed(measure, FigureState.NOT_RETURNED, None, None, quality)
    parts = measure.compute(span)
    value = measure.value(parts)
    if value is None:
        # Nothing was due: neither nought nor all of it.
        return Computed(measure, FigureState.NOT_YET_DUE, None, parts, quality)
    if parts.numerator == 0 and measure.kind is not Kind.SHARE:
        return Computed(measure, FigureState.NONE, Decimal(0), parts, quality)
    return Computed(measure, FigureState.VALUE, value.quantize(EXACT), parts, quality)


def _quality(span: Span, period: Period) -> Quality:
    planned = planned_at_start(span).count()
    visits = newest_visits(span)
    recorded = visits.filter(planned__held_at_start=True).count()
    total = visits.count()
    looks = VisitLook.objects.for_prison(span.prison_code).filter(visit=OuterRef("pk"))
    looked = visits.filter(Exists(looks)).count()
    late = visits.filter(late=True).count()
    closed = (
        MonthClose.objects.for_prison(span.prison_code).filter(month__gte=period.first, month__lte=period.last).exists()
    )
    begins, ends = london_moment(span.first, _MIDNIGHT), span.as_of
    active = (
        total > 0
        or closed
        or Referral.objects.for_prison(span.prison_code).filter(referred_at__gte=begins, referred_at__lte=ends).exists()
        or BuddyStep.objects.for_prison(span.prison_code).filter(at__gte=begins, at__lte=ends).exists()
    )
    sources = visits.values("source").annotate(count=Count("pk")).order_by("source")
    return Quality(
        visits_returned=total > 0 or closed or (planned == 0 and active),
        anything_returned=active,
        planned=planned,
        recorded=recorded,
        visits=total,
        looked_at_visits=looked,
        late_visits=late,
        sources={row["source"]: row["count"] for row in sources},
    )


_MIDNIGHT = datetime.min.time()


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(FOUR) if whole else None


@transaction.atomic
def roll_up(prison_code: str, month: Month, *, now: datetime | None = None) -> int:
    """Recompute and store one prison-month whole. Returns how many figures changed. Safe to run twice.

    Run in a scope that sees the prison. `now` is when the figures are taken; the clock where none is given.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        # Two workers with the same month: the second computes after the first, from newer rows.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"roll-up:{prison_code}:{month.code}"])
    stored = {
        figure.measure: figure
        for figure in Figure.objects.for_prison(prison_code).select_for_update().filter(month=month.first, breakdown="")
    }
    changed = 0
    for computed in compute(prison_code, month, now=now):
        changed += _store(prison_code, month, computed, stored.get(computed.measure.code), now)
    return changed


FIELDS = ("state", "numerator", "denominator", "value", "n", "completeness", "looked_at_share", "definition_version")


def as_fields(computed: Computed) -> dict[str, object]:
    """The stored form of a computed figure."""
    parts = computed.parts if computed.state in (FigureState.VALUE, FigureState.NONE) else None
    return {
        "state": computed.state.value,
        "numerator": parts.numerator.quantize(FOUR) if parts else None,
        "denominator": parts.denominator.quantize(FOUR) if parts and parts.denominator is not None else None,
        "value": computed.value,
        "n": parts.n if parts else None,
        "completeness": computed.quality.completeness,
        "looked_at_share": computed.quality.looked_at,
        "definition_version": computed.measure.version,
    }


def _store(prison_code: str, month: Month, computed: Computed, old: Figure | None, now: datetime) -> int:
    fields = as_fields(computed)
    if old is None:
        Figure.objects.create(
            prison_id=prison_code, month=month.first, measure=computed.measure.code, computed_at=now, **fields
        )
        return 1
    if all(getattr(old, name) == value for name, value in fields.items()):
        return 0
    for name, value in fields.items():
        setattr(old, name, value)
    old.computed_at = now
    old.save(update_fields=[*fields, "computed_at"])
    return 1
