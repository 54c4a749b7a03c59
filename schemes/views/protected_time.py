"""Hours that lead and supervisors have for the scheme: by week, and one week to enter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.dates import london_today, week_of
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table
from schemes.actions.protected_time import enter_week
from schemes.forms.protected_time import WeekForm
from schemes.queries import protected_time as queries
from schemes.rules.protected_time import AHEAD, BACK


def _week_url(request: StaffRequest, monday: date) -> str:
    return reverse("schemes:protected_week", args=[request.prison.code, monday.isoformat()])


@require_safe
@requires(P.SCHEME_VIEW)
def weeks(request: StaffRequest) -> HttpResponse:
    """Planned against worked by week, the newest first."""
    page = page_of(queries.weeks_of(request.prison), request)
    may_enter = may(request, P.PROTECTED_TIME_ENTER)
    context: dict[str, Any] = {
        "title": "Hours for the scheme",
        "lead": "Time of the lead, the deputy and the supervisors that is kept free for the scheme.",
        "page": page,
        "noun": "weeks",
        "table": Table(
            caption="Hours planned and worked, by week",
            first="Week from",
            columns=[
                Column(text="Planned", numeric=True),
                Column(text="Worked", numeric=True),
                Column(text="Worked of planned", numeric=True),
            ],
            rows=[
                Row(
                    text=day_in_words(row["week"]),
                    href=_week_url(request, row["week"]) if may_enter else "",
                    cells=[_hours(row["planned_hours"]), _worked(row), _share(row)],
                )
                for row in page
            ],
        ),
        "empty": "No hours have been entered yet.",
        "crumbs": [{"text": "The scheme", "href": reverse("schemes:scheme", args=[request.prison.code])}],
    }
    if may_enter:
        context["action_href"] = _week_url(request, week_of(london_today(timezone.now())).first)
        context["action_text"] = "Enter this week"
    return render(request, "components/list_page.html", context)


def _hours(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"


def _worked(row: dict[str, Any]) -> Cell:
    missing = row["people"] - row["known"]
    note = "" if not missing else f"Not known of {missing} {'person' if missing == 1 else 'people'}"
    return Cell(text=_hours(row["worked_hours"]), note=note)


def _share(row: dict[str, Any]) -> str:
    if row["known"] < row["people"] or not row["planned_hours"]:
        return "–"
    return f"{round(100 * row['worked_hours'] / row['planned_hours'])}%"


@require_http_methods(["GET", "POST"])
@requires(P.PROTECTED_TIME_ENTER)
def week(request: StaffRequest, monday: str) -> HttpResponse:
    """One week on one page, a line for each person; planned hours start as last week's."""
    now = timezone.now()
    today = london_today(now)
    first = _monday(monday, today)
    people = queries.people_in(request.prison, first, today)
    form = WeekForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            enter_week(by=request.actor, now=now, prison=request.prison, monday=first, hours=form.hours)
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, f"Hours of the week from {day_in_words(first)} are saved.")
            return redirect("schemes:protected_time", request.prison.code)
    list_url = reverse("schemes:protected_time", args=[request.prison.code])
    form.cancel_url = list_url
    this_week = week_of(today).first
    context = {
        "title": f"Hours in the week from {day_in_words(first)}",
        "form": form,
        "crumbs": [{"text": "Hours for the scheme", "href": list_url}],
        "before": _week_url(request, first - timedelta(days=7)) if first > this_week - BACK else "",
        "after": _week_url(request, first + timedelta(days=7)) if first < this_week + AHEAD else "",
    }
    return render(request, "schemes/protected_week.html", context)


def _monday(asked: str, today: date) -> date:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise Http404("no such week") from None
    this_week = week_of(today).first
    if day.weekday() != 0 or not this_week - BACK <= day <= this_week + AHEAD:
        raise Http404("no such week")
    return day
