"""Figures that others hold: the list, and giving one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Quarter, Year, london_today, parse_period, quarter_of, year_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Row, Table
from monitoring.actions.typed import give_figure
from monitoring.forms.typed import TypedForm
from monitoring.measures.catalogue import BY_CODE, MEASURES
from monitoring.measures.definition import Every, Kind, Measure
from monitoring.models import TypedFigure
from monitoring.queries.typed import newest_typed
from monitoring.queries.wording import worded, worded_one
from monitoring.views.periods import back_from
from monitoring.words import number_words

TYPED = tuple(measure for measure in MEASURES if not measure.computed)
OFFERED = 5


@require_safe
@requires(P.FIGURES_VIEW)
def typed(request: StaffRequest) -> HttpResponse:
    """Every figure that the system cannot know, with the newest that somebody gave."""
    found: dict[str, TypedFigure] = {}
    for (measure, _), row in newest_typed(request.prison).items():
        found.setdefault(measure, row)
    gives = may(request, P.MONTH_CLOSE)
    table = Table(
        caption="The newest of each figure",
        first="Figure",
        columns=["Held by", "Newest", "Period", "Where it comes from"],
        rows=[
            Row(
                text=measure.title,
                href=reverse("monitoring:give_figure", args=[request.prison.code, measure.code]) if gives else "",
                note=measure.code,
                cells=_cells(measure, found.get(measure.code)),
            )
            for measure in worded(TYPED)
        ],
    )
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Figures that others hold",
            "lead": "These are not in the records here. Give one with where it comes from; a figure without a source "
            "is left out.",
            "table": table,
            "crumbs": [{"text": "Figures", "href": reverse("monitoring:figures", args=[request.prison.code])}],
        },
    )


def _cells(measure: Measure, row: TypedFigure | None) -> list[str]:
    held_by = measure.held_by or measure.provider
    if row is None:
        return [held_by, "Not given", "–", "–"]
    value = "Nobody knows" if row.value is None else _value_words(measure, row)
    return [held_by, value, str(parse_period(row.period)), row.source]


def _value_words(measure: Measure, row: TypedFigure) -> str:
    assert row.value is not None
    if measure.kind is Kind.FACT:
        since = f", since {day_in_words(row.fact_on)}" if row.fact_on else ""
        return f"{measure.facts[int(row.value)]}{since}"
    return number_words(measure, row.value)


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def give(request: StaffRequest, measure_code: str) -> HttpResponse:
    """Give one figure of one period with its source."""
    measure = BY_CODE.get(measure_code)
    if measure is None or measure.computed:
        raise Http404("no such figure")
    measure = worded_one(measure)
    now = timezone.now()
    periods = _periods(measure, london_today(now))
    back = reverse("monitoring:typed", args=[request.prison.code])
    form = TypedForm(request.POST or None, measure=measure, periods=periods)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        period = next(each for each in periods if each.code == said["period"])
        try:
            give_figure(
                by=request.actor,
                now=now,
                prison=request.prison,
                measure=measure,
                period=period,
                value=said["value"],
                fact_on=said.get("fact_on"),
                source=said["source"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{measure.title}, {period}: the figure is saved.")
            return redirect(back)
    form.cancel_url = back
    context: dict[str, Any] = {
        "title": measure.title,
        "caption": measure.code,
        "lead": f"{measure.numerator}. Held by {measure.held_by or measure.provider}.",
        "form": form,
        "crumbs": [{"text": "Figures that others hold", "href": back}],
    }
    return render(request, "components/form_page.html", context)


def _periods(measure: Measure, today: Any) -> list[Quarter | Year]:
    """The running period and those before it, of the measure's own length."""
    if measure.every is Every.YEAR:
        return list(back_from(year_of(today), OFFERED))
    return list(back_from(quarter_of(today), OFFERED))
