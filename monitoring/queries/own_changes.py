"""What changed in a prison's own figures: corrections, signals of its control charts, and queries. No names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse

from buddyscheme.accounts.models import Prison
from buddyscheme.lib.dates import month_of, parse_period
from monitoring.charts.months import fired_last
from monitoring.digests import Entry, from_the_first, months_to
from monitoring.measures.definition import Measure
from monitoring.models import DataQueryStep, Figure, FigureCorrection, MonthClose
from monitoring.quality_words import measure_title, rule_title
from monitoring.words import figure_words

Kind = DataQueryStep.Kind
WHAT = {Kind.RAISED: "raised", Kind.AGAIN: "raised again", Kind.ANSWERED: "answered", Kind.CLOSED: "closed"}


def own_changes(prison: Prison, measures: Mapping[str, Measure], since: datetime, until: datetime) -> list[Entry]:
    """What changed of these measures from `since` up to, without, `until`, and every query. In the national role."""
    return [
        *_corrections(prison, measures, since, until),
        *_signals(prison, measures, since, until),
        *_queries(prison, measures, since, until),
    ]


def _address(prison: Prison, measure: Measure, period: str) -> str:
    """The page of one figure of a period."""
    return f"{reverse('monitoring:figure', args=[prison.code, measure.code])}?period={period}"


def _corrections(prison: Prison, measures: Mapping[str, Measure], since: datetime, until: datetime) -> list[Entry]:
    """Figures of closed months that are another than they were, from the first to the last correction."""
    rows = FigureCorrection.objects.for_prison(prison).filter(
        corrected_at__gte=since, corrected_at__lt=until, figure__breakdown="", figure__measure__in=list(measures)
    )
    by_figure: dict[int, list[FigureCorrection]] = defaultdict(list)
    for row in rows.select_related("figure").order_by("figure__first_day", "figure__measure", "version"):
        by_figure[row.figure_id].append(row)
    entries = []
    for corrections in by_figure.values():
        first, last = corrections[0], corrections[-1]
        measure = measures[last.figure.measure]
        before = figure_words(measure, first.was_state, first.was_value)
        after = figure_words(measure, last.state, last.value)
        if before != after:
            entries.append(
                Entry(
                    f"{measure.title}, {parse_period(last.figure.period)}",
                    f"Corrected: from {before} to {after}.",
                    _address(prison, measure, last.figure.period),
                )
            )
    return entries


def _signals(prison: Prison, measures: Mapping[str, Measure], since: datetime, until: datetime) -> list[Entry]:
    """Months closed in this time in which a rule of a control chart fired."""
    closes = MonthClose.objects.for_prison(prison).filter(closed_at__gte=since, closed_at__lt=until)
    closed = [month_of(day) for day in closes.order_by("month").values_list("month", flat=True)]
    if not closed:
        return []
    figures = _figures(prison, measures, months_to(closed[0])[0].first, closed[-1].last)
    entries = []
    for month in closed:
        for measure in measures.values():
            run = [(each, figures.get((measure.code, each.code))) for each in months_to(month)]
            said = fired_last(measure, from_the_first(run))
            if said:
                entries.append(
                    Entry(f"{measure.title}, {month}", " ".join(said), _address(prison, measure, month.code))
                )
    return entries


def _figures(prison: Prison, measures: Mapping[str, Measure], first: date, last: date) -> dict[tuple[str, str], Figure]:
    rows = Figure.objects.for_prison(prison).filter(
        measure__in=list(measures), first_day__gte=first, first_day__lte=last, breakdown=""
    )
    return {(row.measure, row.period): row for row in rows}


def _queries(prison: Prison, measures: Mapping[str, Measure], since: datetime, until: datetime) -> list[Entry]:
    """Queries about any figure, since each of them asks for an answer: what happened to them, in nobody's words."""
    steps = DataQueryStep.objects.for_prison(prison).filter(at__gte=since, at__lt=until)
    happened: dict[int, list[DataQueryStep]] = defaultdict(list)
    for step in steps.select_related("query").order_by("query__first_day", "query_id", "at", "id"):
        happened[step.query_id].append(step)
    entries = []
    for theirs in happened.values():
        query = theirs[-1].query
        what = ", ".join(dict.fromkeys(WHAT[Kind(step.kind)] for step in theirs))
        title = measures[query.measure].title if query.measure in measures else measure_title(query.measure)
        entries.append(
            Entry(
                f"{title}, {parse_period(query.period)}",
                f"Query “{rule_title(query)}”: {what}.",
                reverse("monitoring:data_query", args=[prison.code, query.token]),
            )
        )
    return entries
