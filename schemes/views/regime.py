"""Lock-downs: the list, and recording one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from buddyscheme.accounts.permissions import Permission as P
from buddyscheme.accounts.requests import StaffRequest, requires
from buddyscheme.lib.dates import london_today
from buddyscheme.lib.errors import NotAllowed
from buddyscheme.lib.fields import day_in_words
from buddyscheme.lib.paging import page_of
from buddyscheme.lib.tables import Row, Table
from schemes.actions.regime import record_lock_down
from schemes.forms.regime import LockDownForm
from schemes.queries.schemes import lock_downs as all_lock_downs
from schemes.queries.wings import wings_of


@require_safe
@requires(P.STAFF_TASK_DO)
def lock_downs(request: StaffRequest) -> HttpResponse:
    """Days and sessions without unlock."""
    page = page_of(all_lock_downs(request.prison), request)
    table = Table(
        caption="Lock-downs, newest first",
        first="Day",
        columns=["Where", "When", "Why", "Recorded by"],
        rows=[
            Row(
                text=day_in_words(row.day),
                cells=[
                    row.wing.name if row.wing else "Everywhere",
                    row.get_session_display() or "The whole day",
                    row.reason,
                    row.recorded_by.name,
                ],
            )
            for row in page
        ],
    )
    context = {
        "title": "Lock-downs",
        "page": page,
        "table": table,
        "noun": "lock-downs",
        "empty": "No lock-down is on record.",
        "lead": "Visits during a lock-down count as “not unlocked”, never as missed by the buddy.",
        "action_href": reverse("schemes:record_lock_down", args=[request.prison.code]),
        "action_text": "Record a lock-down",
    }
    return render(request, "components/list_page.html", context)


@require_http_methods(["GET", "POST"])
@requires(P.STAFF_TASK_DO)
def record(request: StaffRequest) -> HttpResponse:
    """Which day, where, when and why."""
    now = timezone.now()
    wings = wings_of(request.prison)
    back = reverse("schemes:lock_downs", args=[request.prison.code])
    form = LockDownForm(request.POST or None, wings=wings, initial={"day": london_today(now)})
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            record_lock_down(
                by=request.actor,
                now=now,
                prison=request.prison,
                day=answers["day"],
                wing=next((wing for wing in wings if wing.token == answers["wing"]), None),
                session="" if answers["session"] == "ALL" else answers["session"],
                reason=answers["reason"],
            )
        except NotAllowed as error:
            form.refuse(error)
        else:
            messages.success(request, "The lock-down is recorded.")
            return redirect(back)
    form.cancel_url = back
    context = {"title": "Record a lock-down", "form": form, "crumbs": [{"text": "Lock-downs", "href": back}]}
    return render(request, "components/form_page.html", context)
