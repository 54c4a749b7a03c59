"""A prison's own figures, live and exact."""

from __future__ import annotations

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
from buddyscheme.lib.dates import Month, london_today, month_of, parse_period
from buddyscheme.lib.errors import NotAllowed
from monitoring.actions.months import close_month
from monitoring.charts.months import chart_of
from monitoring.forms.months import CloseMonthForm, MonthForm
from monitoring.measures.catalogue import computed_for
from monitoring.measures.definition import Every, Measure
from monitoring.models import Figure
from monitoring.queries.figures import closed_months, figures_of, opened_on
from monitoring.queries.wording import worded
from monitoring.rules.months import can_close_month
from monitoring.words import basis_words, completeness_words, definition_words, figure_words

CHARTED = 24


@require_safe
@requires(Permission.FIGURES_VIEW)
def month(request: StaffRequest) -> HttpResponse:
    """One month's figures, each with its definition, what it rests on, and up to 24 months in a chart and a table."""
    today = london_today(timezone.now())
    chosen = _month_or(request.GET.get("month", ""), month_of(today))
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
            "month_form": MonthForm(offered=_offered(opened, today), initial={"month": chosen.code}),
            "sections": _sections(stored, months, chosen, running=running),
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
    chosen = _month_or(month_code, None)
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


def _month_or(code: str, otherwise: Month | None) -> Any:
    try:
        period = parse_period(code)
    except ValueError:
        return otherwise
    return period if isinstance(period, Month) else otherwise


def _run_up_to(last: Month, opened: date | None) -> list[Month]:
    """Months that can have a figure: from the opening on, at most 24."""
    months = [last]
    while len(months) < CHARTED and opened is not None and months[0].first > opened:
        months.insert(0, months[0].previous())
    return months


def _offered(opened: Any, today: Any) -> list[Month]:
    """Months to choose from: from the opening (at most three years back) to now, newest first."""
    month = month_of(today)
    months: list[Month] = []
    first = month_of(opened) if opened else month
    while month.first >= first.first and len(months) < 36:
        months.append(month)
        month = month.previous()
    return months


def _words(measure: Measure, figure: Figure | None) -> str:
    return "Not worked out yet" if figure is None else figure_words(measure, figure.state, figure.value)


def _sections(
    stored: dict[tuple[str, str], Figure], months: list[Month], chosen: Month, *, running: bool
) -> list[dict[str, Any]]:
    """Measures under their headings, in the order of an inspection report."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for measure in worded(computed_for(Every.MONTH)):
        figure = stored.get((measure.code, chosen.code))
        sections.setdefault(measure.heading, []).append(
            {
                "figure": _card(measure, figure, chosen),
                "chart": chart_of(
                    measure,
                    [(month, stored.get((measure.code, month.code))) for month in months],
                    running=chosen if running else None,
                ),
            }
        )
    return [{"heading": heading, "entries": entries} for heading, entries in sections.items()]


def _card(measure: Measure, figure: Figure | None, chosen: Month) -> dict[str, Any]:
    shown = figure is not None and figure.state == "VALUE"
    return {
        "title": measure.title,
        "code": measure.code,
        "value": _words(measure, figure),
        "in_words": not shown,
        "n": basis_words(measure, figure.numerator, figure.denominator) if figure is not None else "",
        "period": str(chosen),
        "completeness": completeness_words(measure, figure.completeness, figure.looked_at_share)
        if figure is not None
        else "",
        "definition": definition_words(measure),
    }
