"""Working out a prison's figures for a month, a quarter or a year, from its rows, and storing them.

Figures are never added up from other figures: a quarter is worked out from the same rows as its months.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from buddyscheme.lib.bulk import insert_missing, update_all
from buddyscheme.lib.dates import Month, Quarter, Year, london_moment, london_today
from buddyscheme.scope.transaction import DatabaseRole, one_at_a_time, scoped
from monitoring.measures.catalogue import computed_for
from monitoring.measures.definition import NOT_REACHED, Every, Kind, Measure, Needs, Parts, Source, Span
from monitoring.measures.facts import Facts, Readings
from monitoring.measures.groups import Traits
from monitoring.measures.lines import by_group, total_of
from monitoring.models import Figure, FigureCorrection, MonthClose
from monitoring.models.figure import FigureState
from referrals.models import Referral, VisitLook
from schemes.models import BuddyStep, Scheme

Period = Month | Quarter | Year
EXACT = Decimal("0.00000001")
FOUR = Decimal("0.0001")
FOLLOWED = timedelta(days=14)
"""How long a wait that began in a period is followed beyond its end."""
EVERY = {Month: Every.MONTH, Quarter: Every.QUARTER, Year: Every.YEAR}


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
    """One figure before it is stored or protected. `breakdown` is empty, or a group as `age:50-59`."""

    measure: Measure
    state: FigureState
    value: Decimal | None
    parts: Parts | None
    quality: Quality
    breakdown: str = ""


def span_of(prison_code: str, period: Period, *, now: datetime) -> Span | None:
    """The days of a period that have begun, or None when it lies ahead."""
    today = london_today(now)
    if period.first > today:
        return None
    return Span(
        prison_code,
        period.first,
        min(period.last, today),
        min(period.ends_at, now),
        min(period.ends_at + FOLLOWED, now),
    )


_read: ContextVar[dict[str, Readings] | None] = ContextVar("read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """In this block what does not hang on the period is read once of each prison, for all its periods.

    For loads, while nobody changes a record, and for whoever reads a prison as of one moment.
    """
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def compute(prison_code: str, period: Period, *, now: datetime, grouped: bool = True) -> list[Computed]:
    """Every measure of one prison for one period, from its rows, and its groups where `grouped`.

    Run in the national role, which sees people who have left and concerns about anybody.
    """
    read = _read.get()
    readings = Readings(prison_code) if read is None else read.setdefault(prison_code, Readings(prison_code))
    measures = computed_for(EVERY[type(period)])
    span = span_of(prison_code, period, now=now)
    scheme = readings.of(_scheme)
    if span is None or scheme is None or scheme.opened_at is None or scheme.opened_at >= period.ends_at:
        return [Computed(measure, FigureState.NOT_YET_DUE, None, None, Quality()) for measure in measures]
    facts = Facts(span, readings)
    quality = _quality(facts, period)
    figures = [_one(measure, facts, quality) for measure in measures]
    return [*figures, *(_groups(figures, facts) if grouped else ())]


def _scheme(prison_code: str) -> Scheme | None:
    return Scheme.objects.for_prison(prison_code).first()


def _one(measure: Measure, facts: Facts, quality: Quality) -> Computed:
    if not _is_returned(measure, facts, quality):
        return Computed(measure, FigureState.NOT_RETURNED, None, None, quality)
    assert measure.compute is not None
    parts = measure.compute(facts)
    if parts is None and measure.source is not Source.RECORDS:
        return Computed(measure, FigureState.NOT_RETURNED, None, None, quality)
    return _computed(measure, parts, quality)


def _is_returned(measure: Measure, facts: Facts, quality: Quality) -> bool:
    if measure.needs is Needs.VISITS:
        return quality.visits_returned
    return quality.anything_returned and (measure.needs is not Needs.POPULATION or facts.population is not None)


def _computed(measure: Measure, parts: Parts | None, quality: Quality, breakdown: str = "") -> Computed:
    value = None if parts is None else measure.value(parts)
    if parts is None or value is None:
        # Nothing was due: neither nought nor all of it.
        return Computed(measure, FigureState.NOT_YET_DUE, None, parts, quality, breakdown)
    if measure.kind is Kind.WAIT and value == NOT_REACHED:
        return Computed(measure, FigureState.NOT_REACHED, None, parts, quality, breakdown)
    if value == 0 and measure.kind in (Kind.COUNT, Kind.RATE, Kind.RATIO, Kind.MONEY):
        return Computed(measure, FigureState.NONE, Decimal(0), parts, quality, breakdown)
    return Computed(measure, FigureState.VALUE, value.quantize(EXACT), parts, quality, breakdown)


def _groups(figures: Iterable[Computed], facts: Facts) -> Iterator[Computed]:
    """The groups of every figure that is broken down and has something to break down."""
    lines = {
        figure.measure: list(figure.measure.lines(facts))
        for figure in figures
        if figure.measure.lines is not None and figure.state is FigureState.VALUE
    }
    traits: dict[int | None, Traits] = facts.known({line.person for each in lines.values() for line in each})
    quality = Quality(visits_returned=True, anything_returned=True)
    for measure, each in lines.items():
        for by in sorted(measure.by):
            for breakdown, theirs in by_group(each, by, traits).items():
                parts = total_of(theirs)
                if measure.kind in (Kind.SHARE, Kind.RATE):
                    parts = Parts(parts.numerator, parts.denominator, int(parts.denominator or 0))
                yield _computed(measure, parts, quality, breakdown)


def _quality(facts: Facts, period: Period) -> Quality:
    span = facts.span
    planned = facts.planned.count()
    looks = VisitLook.objects.for_prison(span.prison_code).filter(visit=OuterRef("pk"))
    closed = (
        MonthClose.objects.for_prison(span.prison_code).filter(month__gte=period.first, month__lte=period.last).exists()
    )
    begins, ends = london_moment(span.first, _MIDNIGHT), span.as_of
    rows = facts.visits.values_list("source", "late", "planned__held_at_start", Exists(looks)).order_by()
    sources: Tally[str] = Tally()
    recorded = looked = late = 0
    for source, is_late, was_planned, was_looked_at, count in rows.annotate(count=Count("pk")):
        sources[source] += count
        late += count if is_late else 0
        recorded += count if was_planned else 0
        looked += count if was_looked_at else 0
    total = sources.total()
    active = (
        total > 0
        or closed
        or Referral.objects.for_prison(span.prison_code).filter(referred_at__gte=begins, referred_at__lte=ends).exists()
        or BuddyStep.objects.for_prison(span.prison_code).filter(at__gte=begins, at__lte=ends).exists()
    )
    return Quality(
        visits_returned=total > 0 or closed or (planned == 0 and active),
        anything_returned=active,
        planned=planned,
        recorded=recorded,
        visits=total,
        looked_at_visits=looked,
        late_visits=late,
        sources=dict(sorted(sources.items())),
    )


_MIDNIGHT = datetime.min.time()


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(FOUR) if whole else None


# --- storing -------------------------------------------------------------------------------------


def roll_up(prison_code: str, period: Period, *, now: datetime | None = None) -> int:
    """Work out and store one prison's figures of one period whole. Returns how many changed. Safe to run twice.

    `now` is when the figures are taken; the clock where none is given. A change after the month was closed is kept
    as a correction that says what the figure was.
    """
    now = now or timezone.now()
    with scoped(DatabaseRole.NATIONAL), transaction.atomic():
        # Two workers with the same period: the second computes after the first, from newer rows.
        one_at_a_time(f"roll-up:{prison_code}:{period.code}")
        stored = {
            (figure.measure, figure.breakdown): figure
            for figure in Figure.objects.for_prison(prison_code).filter(period=period.code)
        }
        figures = compute(prison_code, period, now=now)
        return _store(prison_code, period, [*figures, *_vanished(stored, figures)], stored, now)


def roll_up_around(prison_code: str, month: Month, *, now: datetime | None = None) -> int:
    """A month, the one before it, whose waits are followed into this one, and the quarters of both."""
    now = now or timezone.now()
    before = month.previous()
    periods: list[Period] = [before, month]
    periods += sorted({before.quarter, month.quarter}, key=lambda quarter: quarter.first)
    return sum(roll_up(prison_code, period, now=now) for period in periods)


SAID = ("state", "value", "numerator", "denominator")
"""What a reader was told: when one of these changes in a closed month, that is a correction."""


def as_fields(computed: Computed) -> dict[str, object]:
    """The stored form of a computed figure."""
    shown = computed.state in (FigureState.VALUE, FigureState.NONE, FigureState.NOT_REACHED)
    parts = computed.parts if shown else None
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


def _vanished(stored: dict[tuple[str, str], Figure], figures: list[Computed]) -> Iterator[Computed]:
    """Groups that were there and now hold nobody: none, where the whole has a figure, and else what the whole is."""
    there = {(each.measure.code, each.breakdown): each for each in figures}
    for measure, breakdown in stored.keys() - there.keys():
        whole = there.get((measure, ""))
        if not breakdown or whole is None:
            continue
        state = FigureState.NONE if whole.state is FigureState.VALUE else whole.state
        value = Decimal(0) if state is FigureState.NONE else None
        if state is FigureState.NONE and whole.measure.denominator:
            state, value = FigureState.NOT_YET_DUE, None
        yield Computed(whole.measure, state, value, Parts(Decimal(0), None, 0), Quality(), breakdown)


def _store(
    prison_code: str, period: Period, figures: list[Computed], stored: dict[tuple[str, str], Figure], now: datetime
) -> int:
    new: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    same: list[dict[str, object]] = []
    corrections: list[FigureCorrection] = []
    closed = _closed_before(prison_code, period, now)
    for computed in figures:
        fields = as_fields(computed)
        old = stored.get((computed.measure.code, computed.breakdown))
        if old is None:
            new.append(_new(prison_code, period, computed, fields, now))
            continue
        ripe = not computed.measure.followed or old.computed_at >= period.ends_at + FOLLOWED
        if all(getattr(old, name) == value for name, value in fields.items()):
            if not ripe and old.computed_at != now:
                # The waits were followed further, with the same result so far.
                same.append({"id": old.pk, "computed_at": now})
            continue
        said = closed and ripe and any(getattr(old, name) != fields[name] for name in SAID)
        if said:
            corrections.append(_correction(old, computed, now))
        changed.append({"id": old.pk, **fields, "version": old.version + said, "computed_at": now})
    if insert_missing(Figure, new) < len(new):
        raise RuntimeError(f"A figure of {prison_code} in {period.code} was worked out twice.")
    update_all(Figure, changed)
    update_all(Figure, same)
    FigureCorrection.objects.bulk_create(corrections)
    return len(new) + len(changed)


def _closed_before(prison_code: str, period: Period, now: datetime) -> bool:
    """Whether the lead had signed off the period, that is its last month, before this moment."""
    return (
        MonthClose.objects.for_prison(prison_code).filter(month=period.last.replace(day=1), closed_at__lt=now).exists()
    )


def _new(
    prison_code: str, period: Period, computed: Computed, fields: dict[str, object], now: datetime
) -> dict[str, object]:
    return {
        "prison_id": prison_code,
        "period": period.code,
        "first_day": period.first,
        "measure": computed.measure.code,
        "breakdown": computed.breakdown,
        "computed_at": now,
        "version": 1,
        **fields,
    }


def _correction(old: Figure, computed: Computed, now: datetime) -> FigureCorrection:
    return FigureCorrection(
        prison_id=old.prison_id,
        figure=old,
        version=old.version + 1,
        was_state=old.state,
        was_value=old.value,
        was_numerator=old.numerator,
        was_denominator=old.denominator,
        state=computed.state.value,
        value=computed.value,
        corrected_at=now,
    )
