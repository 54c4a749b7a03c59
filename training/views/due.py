"""Two lists by person and module: what lapses within 28 days, and what is overdue; on screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass
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
from schemes.queries.wings import wings_of
from training.forms.due import OVERDUE, SHOWN, SOON, DueFilter
from training.queries.due import due_soon, overdue
from training.views.board import crumbs
from training.views.words import needed_by


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One of the two lists, of one wing where one is chosen, and the filters as they were understood."""

    show: str
    rows: QuerySet[Any]
    filters: DueFilter
    wing_name: str

    @property
    def title(self) -> str:
        return f"{SHOWN[self.show]}, {self.wing_name}" if self.wing_name else SHOWN[self.show]

    @property
    def query(self) -> str:
        return f"?{self.filters.query()}"

    @property
    def empty(self) -> str:
        where = f" on {self.wing_name}" if self.wing_name else ""
        return f"No module has lapsed{where}." if self.show == OVERDUE else f"No module lapses within 28 days{where}."


def _asked(request: StaffRequest, today: date) -> _Asked:
    wings = wings_of(request.prison)
    answers = DueFilter(request.GET, wings=wings).answers
    answers = {"show": answers.get("show") or SOON, **({"wing": answers["wing"]} if "wing" in answers else {})}
    show, wing = answers["show"], answers.get("wing")
    rows = (overdue if show == OVERDUE else due_soon)(request.prison, today)
    return _Asked(
        show=show,
        rows=rows.filter(wing_code=wing) if wing else rows,
        filters=DueFilter(answers, wings=wings),
        wing_name=next((each.name for each in wings if each.code == wing), ""),
    )


def _table(request: StaffRequest, rows: Any, show: str, *, on_paper: bool = False) -> Table:
    # On paper the heading says the state of every row once, and the room goes to names and the day that matters.
    ends = "Lapsed on" if show == OVERDUE else "Last day"
    tag = Tag(text="Overdue", colour="red") if show == OVERDUE else Tag(text="Lapsing", colour="orange")
    return Table(
        caption=f"{SHOWN[show]}, by day",
        first="Name",
        columns=["Module", *([] if on_paper else ["Passed on"]), ends, "Wing"],
        status="State",
        rows=[
            Row(
                text=result.buddy.person.list_name,
                href=reverse("training:buddy", args=[request.prison.code, result.buddy.token]),
                hidden=", training",
                note=result.buddy.person.prison_number,
                cells=[
                    Cell(text=result.module.title, note=needed_by(result.module)),
                    *([] if on_paper else [day_in_words(result.assessed_on)]),
                    day_in_words(result.expires_on),
                    result.wing_name or "Not here now",
                ],
                tag=None if on_paper else tag,
            )
            for result in rows
        ],
    )


@require_safe
@requires(Permission.TRAINING_VIEW)
def due(request: StaffRequest) -> HttpResponse:
    """One of the two lists, by day."""
    asked = _asked(request, london_today(timezone.now()))
    page = page_of(asked.rows, request)
    context = {
        "title": SHOWN[asked.show],
        "page": page,
        "noun": "modules",
        "filter_form": asked.filters,
        "table": _table(request, page, asked.show),
        "empty": asked.empty,
        "action_href": reverse("training:due_print", args=[request.prison.code]) + asked.query,
        "action_text": "Print this list",
        "crumbs": crumbs(request),
    }
    return render(request, "components/list_page.html", context)


@require_safe
@requires(Permission.TRAINING_VIEW)
def due_print(request: StaffRequest) -> HttpResponse:
    """The whole list on paper, or one wing of it."""
    now = timezone.now()
    asked = _asked(request, london_today(now))
    found = list(asked.rows)
    record(Event.PRINTED, by=request.actor, prison=request.prison.code, what=f"modules {asked.show}", rows=len(found))
    context = {
        "title": asked.title,
        "table": _table(request, found, asked.show, on_paper=True),
        "empty": asked.empty,
        "printed_by": request.user.name,
        "printed_at": now,
        "back_href": reverse("training:due", args=[request.prison.code]) + asked.query,
    }
    return render(request, "training/due_print.html", context)
