"""A prison's own figures of a month or a quarter, live and exact: every measure in a line; and closing a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from buddyscheme.lib.dates import Month, Quarter, london_today, month_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.tables import Tag
from monitoring.actions.months import close_month
from monitoring.charts.months import against_chance
from monitoring.forms.months import CloseMonthForm, PeriodForm
from monitoring.measures.catalogue import BY_CODE, computed_for
from monitoring.measures.definition import Every, Measure
from monitoring.measures.wholes import stands_alone
from monitoring.models import Figure
from monitoring.quality_words import correction_words, timely_words
from monitoring.queries.data_queries import beside_figures
from monitoring.queries.figures import closed_months, figures_of, opened_on
from monitoring.queries.quality import timeliness_of
from monitoring.queries.quarters import changed_since
from monitoring.queries.wording import worded
from monitoring.rules.months import can_close_month
from monitoring.views.figure_tables import Line, exact_words, figure_line, period_columns, tables_under_headings
from monitoring.views.periods import back_from, month_or, months_since, period_or

CHARTED = 24
SIGNAL = "Signal"
QUIET = ("", "Nothing more than chance", "Still running")
Stored = Mapping[tuple[str, str], Figure]


@require_safe
@requires(Permission.FIGURES_VIEW)
def figures(request: StaffRequest) -> HttpResponse:
    """Every figure of one month or quarter beside the one before, what changed in it, and what stands out."""
    today = london_today(timezone.now())
    chosen = period_or(request.GET.get("period", ""), month_of(today))
    opened = opened_on(request.prison)
    judged = months_up_to(chosen.previous() if chosen.contains(today) else chosen, opened)
    stored = figures_of(request.prison, {chosen, chosen.previous(), *judged})
    said = _said(request, chosen, stored, judged)
    return render(
        request,
        "monitoring/figures.html",
        {
            "period": chosen,
            "running": chosen.contains(today),
            "period_form": PeriodForm(offered=periods_since(opened, today), initial={"period": chosen.code}),
            "sections": tables_under_headings(
                _lines(request, chosen, stored, said), columns=period_columns(chosen), status="Look at"
            ),
            "notable": [
                {"text": f"{measure.title}: {words}", "href": _url(request, measure, chosen)}
                for measure in worded(computed_for(_every(chosen)))
                for tag, words in said.get(measure.code, {}).items()
                if tag != SIGNAL
            ],
            "signals": [
                {"text": f"{measure.title}: {said[measure.code][SIGNAL]}", "href": _url(request, measure, chosen)}
                for measure in worded(computed_for(_every(chosen)))
                if SIGNAL in said.get(measure.code, {})
            ],
            "opened": opened,
            **(_of_month(request, chosen, opened, today) if isinstance(chosen, Month) else {"quarter": chosen}),
        },
    )


def periods_since(opened: date | None, today: date) -> list[Month | Quarter]:
    """Months from the running one back to the opening, and their quarters after them."""
    months = months_since(opened, today)
    return [*months, *sorted({month.quarter for month in months}, key=lambda each: each.first, reverse=True)]


def months_up_to(period: Month | Quarter, opened: date | None) -> list[Month]:
    """The months that a chart shows: those that can have a figure, up to the period's last, at most 24."""
    last = period if isinstance(period, Month) else period.months[-1]
    return [month for month in back_from(last, CHARTED)[::-1] if month == last or (opened and month.last >= opened)]


def _every(period: Month | Quarter) -> Every:
    return Every.MONTH if isinstance(period, Month) else Every.QUARTER


def _url(request: StaffRequest, measure: Measure, period: Month | Quarter) -> str:
    return f"{reverse('monitoring:figure', args=[request.prison.code, measure.code])}?period={period.code}"


def _of_month(request: StaffRequest, chosen: Month, opened: date | None, today: date) -> dict[str, Any]:
    closed = closed_months(request.prison)
    can_close = can_close_month(chosen, today=today, closed=chosen.code in closed, opened_on=opened)
    return {
        "month": chosen,
        "quarter": chosen.quarter,
        "timely": timely_words(timeliness_of(request.prison, chosen)),
        "close": closed.get(chosen.code),
        "close_url": reverse("monitoring:close_month", args=[request.prison.code, chosen.code])
        if may(request, Permission.MONTH_CLOSE) and can_close
        else "",
    }


def _said(
    request: StaffRequest, chosen: Month | Quarter, stored: Stored, judged: list[Month]
) -> dict[str, dict[str, str]]:
    """What stands out, by the measure’s code and its tag: a correction, an open query, a rule that fired."""
    found: dict[str, dict[str, str]] = {}
    if isinstance(chosen, Month):
        for measure in computed_for(Every.MONTH):
            words = against_chance(measure, [(month, stored.get((measure.code, month.code))) for month in judged])
            if words not in QUIET:
                found.setdefault(measure.code, {})[SIGNAL] = f"{words} in {judged[-1]}."
    for correction in changed_since(request.prison, [chosen]):
        changed = BY_CODE.get(correction.figure.measure)
        if changed is not None:
            since = "the month was closed" if isinstance(chosen, Month) else "its months were closed"
            words = correction_words(changed, correction, since=since)
            found.setdefault(changed.code, {}).setdefault("Corrected", f"{words}.")
    for (code, _), rows in beside_figures(request.prison, [chosen.code]).items():
        open_ones = [row for row in rows if row.closed_at is None]
        if open_ones:
            found.setdefault(code, {})["Query"] = open_ones[0].words
    return found


COLOURS = {"Query": "red", SIGNAL: "yellow", "Corrected": "blue"}


def _lines(
    request: StaffRequest, chosen: Month | Quarter, stored: Stored, said: Mapping[str, Mapping[str, str]]
) -> Iterable[Line]:
    for measure in worded(computed_for(_every(chosen))):
        if not stands_alone(measure.code):
            continue
        now, before = (stored.get((measure.code, each.code)) for each in (chosen, chosen.previous()))
        tag = next((word for word in COLOURS if word in said.get(measure.code, {})), "")
        yield figure_line(
            measure,
            _url(request, measure, chosen),
            now,
            before,
            Tag(text=tag, colour=COLOURS[tag]) if tag else None,
        )


@require_http_methods(["GET", "POST"])
@requires(Permission.MONTH_CLOSE)
def close(request: StaffRequest, month_code: str) -> HttpResponse:
    """Close a month: one button, nothing to type."""
    chosen = month_or(month_code, None)
    if chosen is None:
        raise Http404("no such month")
    back = f"{reverse('monitoring:figures', args=[request.prison.code])}?period={chosen.code}"
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
        {"key": measure.title, "value": exact_words(measure, stored.get((measure.code, chosen.code)))}
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
