"""Who did and who looked at what, for the data protection officer. Reading it is recorded too."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from buddyscheme.accounts.forms.audit import AuditFilter
from buddyscheme.accounts.permissions import Permission
from buddyscheme.accounts.queries.audit import events_of, lines
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.audit.chain import sealed_state
from buddyscheme.audit.events import Event
from buddyscheme.audit.record import record
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Cell, Row, Table

# The sealing task runs every half minute.
LATE_SECONDS = 120


@require_safe
@requires(Permission.AUDIT_VIEW)
def events(request: StaffRequest) -> HttpResponse:
    """Events of this prison, newest first."""
    filter_form = AuditFilter(request.GET)
    page = page_of(events_of(request.prison, code=filter_form.answers.get("code", "")), request)
    rows = [
        Row(
            text=f"{line.at:%-d %B %Y, %H:%M:%S}",
            cells=[Cell(text=line.who), Cell(text=line.did), Cell(text=line.about)],
        )
        for line in lines(list(page))
    ]
    sealed, waiting = sealed_state(request.prison.code)
    many = "1 event is" if sealed == 1 else f"{sealed:,} events are"
    seal = f"{many} sealed: nobody can change or remove one without it showing."
    if waiting > LATE_SECONDS:
        seal += f" The oldest event without a seal waits {waiting} seconds. Tell the operator of the service."
    record(Event.VIEWED, by=request.actor, prison=request.prison.code, audit=True)
    return render(
        request,
        "components/list_page.html",
        {
            "title": "Who did what",
            "lead": seal,
            "page": page,
            "noun": "events",
            "table": Table(caption="Events, newest first", first="When", columns=["Who", "What", "On what"], rows=rows),
            "empty": "Nothing has been recorded yet.",
            "filter_form": filter_form,
        },
    )
