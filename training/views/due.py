"""Two lists by person and module: what lapses within 28 days, and what is overdue; on screen and on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table, Tag
from training.forms.due import OVERDUE, SHOWN, SOON, DueFilter
from training.queries.due import due_soon, overdue
from training.views.board import crumbs
from training.views.words import needed_by


def _rows(request: StaffRequest, today: date) -> tuple[str, QuerySet[Any]]:
    show = DueFilter(request.GET).answers.get("show") or SOON
    rows = overdue if show == OVERDUE else due_soon
    return show, rows(request.prison, today)


def _table(request: StaffRequest, rows: Any, show: str) -> Table:
    return Table(
        caption=f"{SHOWN[show]}, by day",
        first="Name",
        columns=["Module", "Passed on", "Lapsed on" if show == OVERDUE else "Last day", "Wing"],
        status="State",
        rows=[
            Row(
                text=result.buddy.person.list_name,
                href=reverse("training:buddy", args=[request.prison.code, result.buddy.token]),
                hidden=", training",
                note=result.buddy.person.prison_number,
                cells=[
                    Cell(text=result.module.title, note=needed_by(result.module)),
                    day_in_words(result.assessed_on),
                    day_in_words(result.expires_on),
                    result.wing_name or "Not here now",
                ],
                tag=Tag(text="Overdue", colour="red") if show == OVERDUE else Tag(text="Lapsing", colour="orange"),
            )
            for result in rows
        ],
    )


@require_safe
@requires(Permission.TRAINING_VIEW)
def due(request: StaffRequest) -> HttpResponse:
    """One of the two lists, by day."""
    show, rows = _rows(request, london_today(timezone.now()))
    page = page_of(rows, request)
    context = {
        "title": SHOWN[show],
        "page": page,
        "noun": "modules",
        "filter_form": DueFilter({"show": show}),
        "table": _table(request, page, show),
        "empty": "No module has lapsed." if show == OVERDUE else "No module lapses within 28 days.",
        "action_href": reverse("training:due_print", args=[request.prison.code]) + f"?show={show}",
        "action_text": "Print this list",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(Permission.TRAINING_VIEW)
def due_print(request: StaffRequest) -> HttpResponse:
    """The whole list on paper."""
    now = timezone.now()
    show, rows = _rows(request, london_today(now))
    found = list(rows)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, what=f"modules {show}", rows=len(found))
    context = {
        "title": SHOWN[show],
        "table": _table(request, found, show),
        "empty": "No module has lapsed." if show == OVERDUE else "No module lapses within 28 days.",
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("training:due", args=[request.prison.code]) + f"?show={show}",
    }
    return render(request, "training/due_print.html", context)
