"""A prison's own figures, live and exact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import Month, london_today, month_of
from buddyscheme.lib.errors import NotAllowed
from monitoring.actions.months import close_month
from monitoring.charts.months import chart_of
from monitoring.forms.months import CloseMonthForm, MonthForm
from monitoring.measures.catalogue import BY_CODE, computed_for
from monitoring.measures.definition import Every, Measure
from monitoring.models import Figure
from monitoring.quality_words import correction_words, query_tag, rule_title, timely_words
from monitoring.queries.data_queries import beside_figures
from monitoring.queries.figures import closed_months, figures_of, opened_on
from monitoring.queries.quality import timeliness_of
from monitoring.queries.quarters import changed_since
from monitoring.queries.wording import worded
from monitoring.rules.months import can_close_month
from monitoring.views.cards import figure_card, under_headings
from monitoring.views.periods import month_or, months_since
from monitoring.words import figure_words

CHARTED = 24
NOT_YET = "Not worked out yet"


@require_safe
@requires(Permission.FIGURES_VIEW)
def month(request: StaffRequest) -> HttpResponse:
    """One month's figures, each with its definition, what it rests on, and up to 24 months in a chart and a table."""
    today = london_today(timezone.now())
    chosen = month_or(request.GET.get("month", ""), month_of(today))
    opened = opened_on(request.prison)
    months = _run_up_to(chosen, opened)
    stored = figures_of(request.prison, months)
    closed = closed_months(request.prison)
    running = chosen.contains(today)
    return render(
        request,
        "monitoring/month.html",
        {
            "month": chosen,
            "running": running,
            "month_form": MonthForm(offered=months_since(opened, today), initial={"month": chosen.code}),
            "sections": _sections(stored, months, chosen, running=running, beside=_beside(request, chosen)),
            "quarter": chosen.quarter,
            "timely": timely_words(timeliness_of(request.prison, chosen)),
            "close": closed.get(chosen.code),
            "close_url": reverse("monitoring:close_month", args=[request.prison.code, chosen.code])
            if may(request, Permission.MONTH_CLOSE)
            and can_close_month(chosen, today=today, closed=chosen.code in closed, opened_on=opened)
            else "",
            "opened": opened,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MONTH_CLOSE)
def close(request: StaffRequest, month_code: str) -> HttpResponse:
    """Close a month: one button, nothing to type."""
    chosen = month_or(month_code, None)
    if chosen is None:
        raise Http404("no such month")
    back = f"{reverse('monitoring:figures', args=[request.prison.code])}?month={chosen.code}"
    form = CloseMonthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_month(by=request.actor, now=timezone.now(), prison=request.prison, month=chosen)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"{chosen} is closed.")
            return redirect(back)
    form.cancel_url = back
    stored = figures_of(request.prison, [chosen])
    rows = [
        {"key": measure.title, "value": _words(measure, stored.get((measure.code, chosen.code)))}
        for measure in worded(computed_for(Every.MONTH))
    ]
    return render(
        request,
        "components/form_page.html",
        {
            "title": f"Close {chosen}",
            "form": form,
            "rows": rows,
            "short_values": True,
            "lead": "Closing says that everything for this month is in. Late entries still reach the figures.",
            "crumbs": [{"text": "Figures", "href": back}],
        },
    )


def _run_up_to(last: Month, opened: date | None) -> list[Month]:
    """Months that can have a figure: from the opening on, at most 24."""
    months = [last]
    while len(months) < CHARTED and opened is not None and months[0].first > opened:
        months.insert(0, months[0].previous())
    return months


def _words(measure: Measure, figure: Figure | None) -> str:
    return NOT_YET if figure is None else figure_words(measure, figure.state, figure.value)


@dataclass(frozen=True)
class Beside:
    """What stands beside a figure, by its measure: what changed since the month was closed, and what is asked."""

    changes: dict[str, str]
    queries: dict[str, list[dict[str, Any]]]


def _beside(request: StaffRequest, chosen: Month) -> Beside:
    changes: dict[str, str] = {}
    for correction in changed_since(request.prison, [chosen]):
        measure = BY_CODE.get(correction.figure.measure)
        if measure is not None:
            changes.setdefault(measure.code, correction_words(measure, correction))
    queries: dict[str, list[dict[str, Any]]] = {}
    for (code, _), rows in beside_figures(request.prison, [chosen.code]).items():
        queries[code] = [_query_line(request, row) for row in rows]
    return Beside(changes, queries)


def _query_line(request: StaffRequest, row: Any) -> dict[str, Any]:
    return {
        "text": rule_title(row),
        "words": row.words,
        "answer": row.said[0].words if row.said else "",
        "tag": query_tag(row, answered=bool(row.said)),
        "href": reverse("monitoring:data_query", args=[request.prison.code, row.token]),
    }


def _sections(
    stored: dict[tuple[str, str], Figure],
    months: list[Month],
    chosen: Month,
    *,
    running: bool,
    beside: Beside,
) -> list[dict[str, Any]]:
    """Measures under their headings, in the order of an inspection report."""
    entries = []
    for measure in worded(computed_for(Every.MONTH)):
        figure = stored.get((measure.code, chosen.code))
        card = figure_card(measure, figure, period=str(chosen), missing=NOT_YET)
        entry = {
            "figure": card | {"change": beside.changes.get(measure.code, "")},
            "queries": beside.queries.get(measure.code, []),
            "chart": chart_of(
                measure,
                [(month, stored.get((measure.code, month.code))) for month in months],
                running=chosen if running else None,
            ),
        }
        entries.append((measure, entry))
    return under_headings(entries)
