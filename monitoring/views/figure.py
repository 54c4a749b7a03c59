"""One figure of a prison, exact: what it rests on, its months, its groups, its parts, two periods, its definition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.models import Prison, Wing
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import Month, Quarter, london_today, month_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from monitoring.charts.by_group import by_group_shown, compared_with_prison
from monitoring.charts.change import change_of
from monitoring.charts.months import chart_of
from monitoring.charts.shown import Shown
from monitoring.charts.whole import whole_shown
from monitoring.forms.months import ComparedForm
from monitoring.measures.catalogue import BY_CODE
from monitoring.measures.definition import By, Every, Kind, Measure
from monitoring.measures.wholes import Whole, wholes_of
from monitoring.models import Figure
from monitoring.models.figure import FigureState
from monitoring.population_file import ENTERED
from monitoring.quality_words import correction_words, query_tag, rule_title
from monitoring.queries.data_queries import beside_figures
from monitoring.queries.figures import corrections_of, figures_of, groups_of, opened_on
from monitoring.queries.population import counts_of, newest_of
from monitoring.queries.wording import worded_one
from monitoring.views.cards import definition_rows, figure_card
from monitoring.views.figure_tables import NOT_YET
from monitoring.views.figures import months_up_to, periods_since
from monitoring.views.periods import back_from, period_or
from monitoring.words import basis_words, figure_words

QUARTERS = 8
PEOPLE = ("people", "buddies")


@require_safe
@requires(Permission.FIGURES_VIEW)
def figure(request: StaffRequest, measure_code: str) -> HttpResponse:
    """One figure of the prison for a month or a quarter."""
    today = london_today(timezone.now())
    measure = computed_or_404(measure_code)
    chosen = asked_period(measure, request.GET.get("period", ""), today)
    back = f"{reverse('monitoring:figures', args=[request.prison.code])}?period={chosen.code}"

    def at(code: str) -> str:
        return f"{reverse('monitoring:figure', args=[request.prison.code, code])}?period={chosen.code}"

    context = of_prison(request.prison, measure, chosen, request.GET.get("beside", ""), today, at)
    context["queries"] = [
        _query_line(request, row)
        for (code, _), rows in beside_figures(request.prison, [chosen.code]).items()
        for row in rows
        if code == measure.code
    ]
    context["crumbs"] = [{"text": f"Figures for {chosen}", "href": back}]
    return render(request, "monitoring/figure.html", context)


def computed_or_404(code: str) -> Measure:
    """The measure of a code, in its amended words, if the system works it out."""
    found = BY_CODE.get(code)
    if found is None or not found.computed or found.every is Every.YEAR:
        raise Http404("no such measure")
    return worded_one(found)


def asked_period(measure: Measure, code: str, today: date) -> Month | Quarter:
    """The period of an address; for a measure of quarters the quarter of a month."""
    chosen = period_or(code, month_of(today))
    return chosen.quarter if isinstance(chosen, Month) and measure.every is Every.QUARTER else chosen


def of_prison(
    prison: Prison,
    measure: Measure,
    chosen: Month | Quarter,
    beside_code: str,
    today: date,
    at: Callable[[str], str],
) -> dict[str, Any]:
    """The context of a figure's page, inside the scope of its prison. `at` gives the address of another measure's."""
    opened = opened_on(prison)
    offered: list[Month | Quarter] = [
        each for each in periods_since(opened, today) if measure.every is Every.MONTH or isinstance(each, Quarter)
    ]
    beside = next((each for each in offered if each.code == beside_code and type(each) is type(chosen)), None)
    months = months_up_to(chosen, opened) if measure.every is Every.MONTH else []
    quarters = [each for each in back_from(chosen, QUARTERS) if each in offered] if isinstance(chosen, Quarter) else []
    wholes = wholes_of(measure.code)
    codes = {measure.code, *(code for whole in wholes for code in (*whole.parts, whole.unknown))}
    stored = figures_of(prison, {chosen, *months, *quarters, *([beside] if beside else [])}, measures=codes)
    own = stored.get((measure.code, chosen.code))
    return {
        "title": measure.title,
        "caption": f"{prison.name}, {chosen}",
        "period": chosen,
        "figure": figure_card(measure, own, period=str(chosen), missing=NOT_YET) | {"definition": ""},
        "corrections": [correction_words(measure, each) for each in corrections_of(prison, chosen, measure.code)],
        "chart": _months_chart(measure, months, stored, today) if months else None,
        "quarters": _quarters_table(measure, quarters, stored) if len(quarters) > 1 and not months else None,
        "change": _change(measure, chosen, beside, stored) if beside else None,
        "form": _form(offered, chosen, beside),
        "parts": [_parts(whole, chosen, stored, at) for whole in wholes],
        "groups": _groups(prison, measure, chosen, own),
        "beside": _beside_prison(prison, measure, chosen, own),
        "definition": definition_rows(measure),
    }


def _form(offered: list[Month | Quarter], chosen: Month | Quarter, beside: Month | Quarter | None) -> ComparedForm:
    others = [(each.code, str(each)) for each in offered if type(each) is type(chosen) and each != chosen]
    return ComparedForm(
        offered=[(each.code, str(each)) for each in offered],
        others=others,
        initial={"period": chosen.code, "beside": beside.code if beside else ""},
    )


def _months_chart(measure: Measure, months: list[Month], stored: dict[tuple[str, str], Figure], today: date) -> Shown:
    running = months[-1] if months[-1].contains(today) else None
    return chart_of(measure, [(month, stored.get((measure.code, month.code))) for month in months], running=running)


def _quarters_table(measure: Measure, quarters: list[Any], stored: dict[tuple[str, str], Figure]) -> Table:
    """Quarters in a table: too few for a control chart."""
    rows = []
    for quarter in quarters:
        found = stored.get((measure.code, quarter.code))
        words = NOT_YET if found is None else figure_words(measure, found.state, found.value)
        basis = "" if found is None else basis_words(measure, found.numerator, found.denominator)
        rows.append(Row(text=str(quarter), cells=[Cell(text=words), basis or "–"]))
    return Table(
        caption="By quarter", first="Quarter", columns=[Column(text="Figure", numeric=True), "Rests on"], rows=rows
    )


def _change(
    measure: Measure,
    chosen: Month | Quarter,
    beside: Month | Quarter,
    stored: dict[tuple[str, str], Figure],
) -> Any:
    first, second = sorted((chosen, beside), key=lambda each: each.first)
    return change_of(
        measure,
        (str(first), stored.get((measure.code, first.code))),
        (str(second), stored.get((measure.code, second.code))),
    )


def _parts(
    whole: Whole, chosen: Month | Quarter, stored: dict[tuple[str, str], Figure], at: Callable[[str], str]
) -> Shown:
    figures = {code: stored.get((code, chosen.code)) for code in (*whole.parts, whole.unknown) if code}
    return whole_shown(whole, figures, title=f"{whole.title}, {chosen}", missing=NOT_YET, at=at)


def _groups(prison: Prison, measure: Measure, chosen: Month | Quarter, own: Figure | None) -> list[Shown]:
    """A table for each breakdown, where the figure has a number."""
    if not measure.by or own is None or own.state != FigureState.VALUE:
        return []
    found = groups_of(prison, chosen, measure.code)
    wings = dict(Wing.objects.filter(prison=prison).values_list("code", "name"))
    return [by_group_shown(measure, by, found.get(by.value, {}), wings=wings) for by in By if by in measure.by]


def _beside_prison(prison: Prison, measure: Measure, chosen: Month | Quarter, own: Figure | None) -> list[Shown]:
    """Groups of people beside everybody in the prison, as it was counted for the last month of the period."""
    if measure.kind is not Kind.COUNT or measure.unit not in PEOPLE or own is None or own.state != FigureState.VALUE:
        return []
    found = groups_of(prison, chosen, measure.code)
    people = counts_of(newest_of(prison, chosen if isinstance(chosen, Month) else chosen.months[-1]))
    return [
        compared_with_prison(
            measure, by, found.get(by.value, {}),
            {group: count for (name, group), count in people.items() if name == by.value},
        )
        for by in ENTERED
        if by in measure.by
    ]  # fmt: skip


def _query_line(request: StaffRequest, row: Any) -> dict[str, Any]:
    return {
        "text": rule_title(row),
        "words": row.words,
        "answer": row.said[0].words if row.said else "",
        "tag": query_tag(row, answered=bool(row.said)),
        "href": reverse("monitoring:data_query", args=[request.prison.code, row.token]),
    }
