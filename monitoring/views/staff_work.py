"""Visits at which a buddy did what staff or carers should do: by month, with a count of each month."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, may, requires
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table
from monitoring.forms.pay import MonthFilter
from monitoring.views.pay import pay_crumbs
from referrals.queries.staff_work import marks_by_month, marks_of


@require_safe
@requires(P.PAY_VIEW)
def staff_work(request: StaffRequest) -> HttpResponse:
    """The marks as they stand, newest first."""
    months = marks_by_month(request.prison)
    filter_form = MonthFilter(request.GET, months=[(month.code, str(month)) for month, _ in months])
    rows = marks_of(request.prison)
    chosen = filter_form.answers.get("month")
    for month, _ in months:
        if month.code == chosen:
            rows = rows.filter(planned__day__range=(month.first, month.last))
    page = page_of(rows, request)
    context = {
        "title": "Staff or carer work done by buddies",
        "lead": "Visits that staff marked. A buddy never takes the place of staff or carers: tell the governor.",
        "page": page,
        "noun": "visits",
        "filter_form": filter_form,
        "months": [(str(month), count) for month, count in months[:12]],
        "table": Table(
            caption="Marked visits, newest first",
            first="Buddy",
            columns=["Day", "Whose work", "What it was", "Marked by"],
            rows=[
                Row(
                    text=mark.buddy.person.list_name,
                    # Whoever reads pay alone sees no recipient, and may not open the visit.
                    href=reverse("referrals:visit", args=[request.prison.code, mark.visit_token])
                    if may(request, P.VISITS_VIEW)
                    else "",
                    hidden=", open the visit",
                    note=mark.buddy.person.prison_number,
                    cells=[
                        Cell(text=day_in_words(mark.planned.day), note=mark.planned.get_session_display()),
                        mark.get_whose_display(),
                        mark.words,
                        mark.marked_by.name,
                    ],
                )
                for mark in page
            ],
        ),
        "empty": "No visit is marked. Staff mark one on its page, or when the week is confirmed.",
        "crumbs": pay_crumbs(request),
    }
    return render(request, "monitoring/staff_work.html", context)
