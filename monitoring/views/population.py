"""How many people the prison holds: the months, entering one, and reading a file into the form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.csv_rows import decoded
from buddyscheme.lib.csv_safe import csv_text
from buddyscheme.lib.dates import Month, london_today, month_of, parse_period
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.tables import Column, Row, Table
from monitoring.actions.population import enter_population
from monitoring.forms.population import PopulationFileForm, PopulationForm
from monitoring.population_file import COLUMNS, Counts, Problem, read, template
from monitoring.population_file import TOTAL as WHOLE
from monitoring.queries import population as queries
from monitoring.views.periods import back_from

OFFERED = 24


def _url(request: StaffRequest, name: str) -> str:
    return reverse(f"monitoring:{name}", args=[request.prison.code])


def _crumbs(request: StaffRequest) -> list[dict[str, str]]:
    return [{"text": "People in the prison", "href": _url(request, "population")}]


@require_safe
@requires(P.FIGURES_VIEW)
def population(request: StaffRequest) -> HttpResponse:
    """The newest count of each month."""
    rows = [
        Row(
            text=f"{row.month:%B %Y}",
            cells=[str(row.total), row.source, day_in_words(row.counted_on), row.entered_by.name],
        )
        for row in queries.newest_by_month(request.prison)
    ]
    table = Table(
        caption="Months, newest first",
        first="Month",
        columns=[Column(text="People", numeric=True), "Where it comes from", "Counted on", "Entered by"],
        rows=rows,
    )
    return render(
        request,
        "monitoring/population.html",
        {
            "title": "People in the prison",
            "lead": "Buddies and people helped are compared with the prison’s people, by age, sex and ethnic group. "
            "Without a count for a month no rate is shown.",
            "table": table if rows else None,
            "enters": may(request, P.MONTH_CLOSE),
            "crumbs": [{"text": "Figures", "href": _url(request, "figures")}],
        },
    )


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def enter(request: StaffRequest) -> HttpResponse:
    """Enter the count of a month, filled in from the last one."""
    last = queries.newest_of(request.prison)
    counts: Counts = {**queries.counts_of(last), **({WHOLE: last.total} if last is not None else {})}
    return _enter(request, counts, source=last.source if last is not None else "")


def _enter(request: StaffRequest, counts: Counts, *, source: str, fresh: bool = False) -> HttpResponse:
    now = timezone.now()
    today = london_today(now)
    posted = request.method == "POST" and not fresh
    form = PopulationForm(
        request.POST if posted else None,
        months=back_from(month_of(today), OFFERED),
        counts=counts,
        initial={"month": month_of(today).previous().code, "source": source, "counted_on": today},
    )
    if posted and form.is_valid():
        said = form.cleaned_data
        month = parse_period(said["month"])
        assert isinstance(month, Month)
        try:
            enter_population(
                by=request.actor,
                now=now,
                prison=request.prison,
                month=month,
                total=said["total"],
                counts=form.counts,
                source=said["source"],
                counted_on=said["counted_on"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"The count of {month} is saved.")
            return redirect(_url(request, "population"))
    form.cancel_url, form.action = _url(request, "population"), _url(request, "enter_population")
    context: dict[str, Any] = {
        "title": "Enter the people in the prison",
        "lead": "The file is read. Look at the numbers, then save them."
        if fresh
        else "A breakdown whose boxes are all empty is not known.",
        "form": form,
        "crumbs": _crumbs(request),
    }
    return render(request, "components/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.MONTH_CLOSE)
def file(request: StaffRequest) -> HttpResponse:
    """Read a file into the form. With a row that cannot be read nothing is taken; each is named with what to do."""
    form = PopulationFileForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            counts, problems = read(decoded(uploaded.read()))
        except NotAllowed as error:
            form.refuse(error)
        else:
            if not problems:
                return _enter(request, counts, source=str(uploaded.name)[:200], fresh=True)
            form.refuse("Mend the rows below in the file, then choose it again. Nothing has been saved.", field="file")
    form.cancel_url = _url(request, "population")
    table = Table(
        caption="Rows to mend",
        first="Row",
        columns=["It says", "What to do"],
        rows=[Row(text=str(each.row), cells=[each.said, each.sentence]) for each in problems],
    )
    return render(
        request,
        "monitoring/population_file.html",
        {
            "title": "Read a file of the people in the prison",
            "lead": "One group in each row: by what, which group, how many people. Religion and sexual orientation are "
            "read from a file alone, never asked of a person here, and shown for the whole country only.",
            "form": form,
            "table": table if problems else None,
            "template_url": _url(request, "population_template"),
            "crumbs": _crumbs(request),
        },
    )


@require_safe
@requires(P.MONTH_CLOSE)
def blank(request: StaffRequest) -> HttpResponse:
    """The file to fill in."""
    response = HttpResponse(csv_text(COLUMNS, template()).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="people-in-the-prison-OFFICIAL.csv"'
    return response
