"""The workload of every buddy of the prison, against the caps."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Column, Row, Table, Tag
from referrals.forms.workload import WorkloadFilter
from referrals.queries import workload as queries
from referrals.queries.workload import Line
from referrals.rules.workload import Pressure
from referrals.suitability import time_words
from schemes.queries.wings import wings_of

COLOURS = {Pressure.OVER: "red", Pressure.FULL: "orange", Pressure.CLOSE: "yellow", Pressure.FREE: "green"}


@require_safe
@requires(P.MATCH_VIEW)
def workload(request: StaffRequest) -> HttpResponse:
    """People, hours and days of each buddy in the role."""
    today = london_today(timezone.now())
    filter_form = WorkloadFilter(request.GET, wings=wings_of(request.prison))
    answers = filter_form.answers
    rows = queries.in_role(request.prison)
    if "wing" in answers:
        rows = rows.filter(wing_code=answers["wing"])
    if "caps" in answers:
        # Where somebody stands is worked out, so everybody is looked at, in as many queries as for one page.
        asked = Pressure[answers["caps"]]
        page = page_of([line for line in queries.lines(list(rows), today) if line.load.pressure == asked], request)
        shown = list(page)
    else:
        page = page_of(rows, request)
        shown = queries.lines(list(page), today)
    table = Table(
        caption="Workload, by name",
        first="Buddy",
        columns=[
            "Wing",
            Column(text="People", numeric=True),
            Column(text="Hours planned a week", numeric=True),
            Column(text="Hours worked this week", numeric=True),
            Column(text="Days in a row", numeric=True),
        ],
        status="Against the caps",
        rows=[_row(request, line) for line in shown],
    )
    return render(request, "components/list_page.html", {
        "title": "Workload",
        "lead": "What the plans hold for each buddy, and what they did since Monday. Change the caps on the page of "
        "the buddy, or for all on the page of the scheme.",
        "page": page,
        "table": table,
        "noun": "buddies",
        "filter_form": filter_form,
        "empty": "Nobody is in the role yet.",
        "crumbs": [{"text": "Matches", "href": reverse("referrals:matches", args=[request.prison.code])}],
    })  # fmt: skip


def _row(request: StaffRequest, line: Line) -> Row:
    load, buddy = line.load, line.buddy
    second = f"and second for {load.second_for}" if load.second_for else ""
    return Row(
        text=buddy.person.list_name,
        href=reverse("schemes:buddy", args=[request.prison.code, buddy.token]),
        hidden=f", buddy {buddy.reference}",
        note=buddy.person.prison_number,
        cells=[
            buddy.wing_name or "Not here now",
            Cell(text=f"{load.people} of {load.people_cap}", note=second),
            Cell(text=f"{time_words(load.minutes_planned)} of {time_words(load.minutes_cap)}"),
            Cell(text=time_words(load.minutes_worked)),
            Cell(text=f"{load.days_in_row} of {load.days_cap}", note=f"{load.days_planned} in the plans"),
        ],
        tag=Tag(text=load.pressure.value, colour=COLOURS[load.pressure]),
    )
